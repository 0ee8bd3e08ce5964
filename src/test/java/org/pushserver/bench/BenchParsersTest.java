// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the benchmark reads, and how it counts. */
class BenchParsersTest {
  private static final String WRK =
      """
      Running 3s test @ http://127.0.0.1:8400
        1 threads and 64 connections
      Requests/sec:  14000.00
      """;

  @Test
  void userAndSystemTimeAreAddedWhateverTheProcessIsCalled() {
    String stat =
        "42 (a (b) c) S 1 42 42 0 -1 4194304 776 0 1 0 123 45 7 8 20 0 12 0 70723 23195648 2673";

    assertEquals((123 + 45) * 10_000, ProcessFiles.cpuMicros(stat));
    assertEquals((7 + 8) * 10_000, ProcessFiles.endedChildrenMicros(stat));
  }

  @Test
  void aFieldOfProcIsTheNumberBehindItsName() {
    assertEquals(2_673, ProcessFiles.field("VmHWM:\t    3000 kB\nVmRSS:\t    2673 kB\n", "VmRSS:"));
    assertThrows(BenchException.class, () -> ProcessFiles.field("rchar: 1\n", "VmRSS:"));
  }

  @Test
  void theLoadIsWhatTheScriptSays() {
    Load load = Wrk.parse(WRK + "{\"requests\":42000,\"micros\":3000000,\"errors\":0}\n");

    assertEquals(new Load(42_000, 3_000_000_000L), load);
    assertEquals(14_000, new Sample(load, 840_000).perSecond());
    assertEquals(20, new Sample(load, 840_000).cpuMicrosPerPush());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"requests\":42000,\"micros\":3000000,\"errors\":1}",
        "{\"requests\":42000,\"micros\":3000000}",
        "{\"requests\":0,\"micros\":3000000,\"errors\":0}",
        "{\"requests\":"
      })
  void aLoadWithErrorsOrWithoutResultCountsForNothing(String result) {
    assertThrows(BenchException.class, () -> Wrk.parse(WRK + result));
  }

  @Test
  void theLengthOfAnAnswerIsInItsHeaders() {
    assertEquals(17, PacedConnection.length("HTTP/1.1 200 OK\r\nContent-Length: 17\r\nA: b"));
    assertEquals(0, PacedConnection.length("HTTP/1.1 200 OK\r\ncontent-length: 0"));
    assertThrows(
        BenchException.class, () -> PacedConnection.length("HTTP/1.1 200 OK\r\nConnection: close"));
  }

  @Test
  void theLiveHeapIsTheTotalOfTheHistogram() {
    String histogram =
        """
        4711:
         num     #instances         #bytes  class name (module)
        -------------------------------------------------------
           1:         30000        2000000  [B (java.base@17.0.15)
        Total         50000        3456789
        """;

    assertEquals(3_456_789, LiveHeap.parse(histogram));
  }

  @ParameterizedTest
  @CsvSource({"0.1234, 0.12", "12.34, 12.3", "123.4, 123", "23456.7, 23457"})
  void aNumberHasThreeDigitsThatCount(double value, String text) {
    assertEquals(text, Table.number(value));
  }

  @Test
  void aFigureIsTheMedianOfItsRounds() {
    assertEquals(2, Report.median(List.of(3.0, 1.0, 2.0)));
    assertEquals(2.5, Report.median(List.of(4.0, 1.0, 2.0, 3.0)));
  }

  @Test
  void aGoalIsJudgedByTheMedians() {
    Report report = new Report();
    report.add(Speed.NAME, "pushserver apple", Measure.CPU, 60);
    report.add(Speed.NAME, "relay pooled", Measure.CPU, 50);
    report.add(Speed.NAME, "relay connect", Measure.CPU, 50);

    List<Goals.Goal> goals = Goals.judge(report);

    assertEquals(List.of(false, true, false), goals.stream().map(Goals.Goal::met).toList());
    assertEquals(1.2, goals.get(0).reached());
  }

  @Test
  void theTrailIsComparedWithNone() {
    Report report = new Report();
    report.add(TellingCost.TRAIL, TellingCost.OFF, Measure.RATE, 1000);
    report.add(TellingCost.TRAIL, TellingCost.OFF, Measure.CPU, 50);
    report.add(TellingCost.TRAIL, TellingCost.ON, Measure.RATE, 800);
    report.add(TellingCost.TRAIL, TellingCost.ON, Measure.CPU, 55);

    List<Goals.Goal> goals = Goals.judge(report);

    assertEquals(List.of(1.1, 0.8), goals.stream().map(Goals.Goal::reached).toList());
    assertEquals(List.of(true, false), goals.stream().map(Goals.Goal::met).toList());
  }

  @Test
  void theTableHasALineForEachProgramAndAColumnForEachFigure() {
    Report report = new Report();
    report.add(Speed.NAME, "a", Measure.RATE, 1000);
    report.add(Speed.NAME, "a", Measure.CPU, 50);
    report.add(Speed.NAME, "b", Measure.CPU, 7);

    String table = Table.render(report);

    assertEquals(
        """
        speed  pushes/s  CPU µs/push
        a          1000         50.0
        b                       7.00

        """,
        table);
  }

  @Test
  void theOldSystemIsComparedByTheLowestOfItsRecordedFigures() {
    Report report = new Report();
    report.add(Speed.NAME, "pushserver apple", Measure.CPU, 20);
    report.add(Speed.NAME, "pushserver firebase", Measure.CPU, 40);

    List<Goals.Goal> goals = Goals.judge(report);

    assertEquals(
        List.of(1220 / 20.0, 3900 / 40.0), goals.stream().map(Goals.Goal::reached).toList());
    assertEquals(List.of(true, false), goals.stream().map(Goals.Goal::met).toList());
  }

  @Test
  void jsonHasTheMachineAndEveryRoundAndTheGoals() throws Exception {
    Report report = new Report();
    report.add(Speed.NAME, "pushserver apple", Measure.CPU, 61);
    report.add(Speed.NAME, "pushserver apple", Measure.CPU, 59);
    Machine machine = new Machine(2, "AMD EPYC", 24_000, "Linux 6", "17.0.15");

    String json = Bench.json(machine, report);

    JsonNode expected =
        new ObjectMapper()
            .readTree(
                """
                {
                  "machine": {
                    "cores": 2,
                    "processor": "AMD EPYC",
                    "memoryMb": 24000,
                    "kernel": "Linux 6",
                    "jdk": "17.0.15"
                  },
                  "figures": [
                    {
                      "scenario": "speed",
                      "program": "pushserver apple",
                      "measure": "CPU µs/push",
                      "value": 60.0,
                      "rounds": [61.0, 59.0]
                    }
                  ],
                  "goals": [
                    {
                      "what": "CPU of the old system, recorded elsewhere ÷ ours, APNs",
                      "reached": 20.333333333333332,
                      "wanted": "≥ 50",
                      "met": false
                    }
                  ]
                }
                """);
    ObjectNode read = (ObjectNode) new ObjectMapper().readTree(json);
    JsonNode missing = read.remove("notMeasured").get(0);
    assertEquals(expected, read);
    assertEquals("CPU of a push ÷ pooled relay's", missing.path("what").asText());
    assertEquals("--only speed", missing.path("how").asText());
  }

  @Test
  void aPieceIsCalledByItsPackageAndMethod() {
    assertEquals("sylk apple", Micro.name("org.pushserver.sylk.PayloadBenchmark.apple"));
  }

  @Test
  void everyRequestIsAnother() {
    Posts posts = new Posts("apple", "com.example.phone", 1);

    assertFalse(Arrays.equals(posts.next(), posts.next()));
  }
}
