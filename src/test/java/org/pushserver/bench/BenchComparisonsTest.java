// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is compared with what, and when a program is warm. */
class BenchComparisonsTest {
  private static final int LIMIT_S = 60;

  private static JsonNode body(Posts posts) throws IOException {
    return new ObjectMapper().readTree(text(posts));
  }

  private static String text(Posts posts) {
    String request = new String(posts.next(), StandardCharsets.US_ASCII);
    return request.substring(request.indexOf("\r\n\r\n") + "\r\n\r\n".length());
  }

  /** What each step costs, the last of them for ever; the number of steps until it is warm. */
  private static int stepsUntilWarm(WarmUp warmUp, double... micros) throws Exception {
    List<Double> left = new ArrayList<>();
    for (double each : micros) {
      left.add(each);
    }
    Iterator<Double> costs = left.iterator();
    int[] steps = {0};
    double[] last = {0};
    WarmUp.Result result =
        warmUp.until(
            seconds -> {
              steps[0]++;
              last[0] = costs.hasNext() ? costs.next() : last[0];
              return new WarmUp.Step(1000, last[0]);
            });
    assertEquals(1000L * steps[0], result.pushes());
    assertEquals(warmUp.mostSeconds() > 0, result.isWarm());
    return steps[0];
  }

  @Test
  void aProgramIsWarmWhenTwoWindowsAgree() throws Exception {
    assertEquals(6, stepsUntilWarm(new WarmUp(0, LIMIT_S), 50));
    assertEquals(7, stepsUntilWarm(new WarmUp(0, LIMIT_S), 90, 80, 70, 50));
  }

  @Test
  void aStepThatWasDisturbedDoesNotMakeAProgramCold() throws Exception {
    assertEquals(6, stepsUntilWarm(new WarmUp(0, LIMIT_S), 90, 50, 50, 50, 120, 50));
  }

  @Test
  void aProgramIsNotWarmBeforeItHasDoneEnough() throws Exception {
    assertEquals(20, stepsUntilWarm(new WarmUp(20_000, LIMIT_S), 50));
  }

  @Test
  void warmingUpEndsWhenTimeIsUp() throws Exception {
    assertEquals(0, stepsUntilWarm(new WarmUp(20_000, 0), 50));
  }

  @Test
  void whatCostsMoreThanTheBaselineIsNamed() {
    Report report = new Report();
    report.add(Regression.NAME, "pushserver apple", Measure.CPU, 56);
    report.add(Regression.NAME, "baseline apple", Measure.CPU, 50);
    report.add(Regression.NAME, "pushserver apple", Measure.RESIDENT, 209);
    report.add(Regression.NAME, "baseline apple", Measure.RESIDENT, 200);

    assertEquals(
        List.of("pushserver apple, CPU µs/push: 1.12 times the baseline"),
        Regression.found(report, 10));
    assertEquals(List.of(), Regression.found(report, 15));
  }

  @Test
  void aSlowRoundIsSlowForBoth() {
    Report report = new Report();
    for (double slow : List.of(1.0, 3.0, 1.0)) {
      report.add(Regression.NAME, "pushserver", Measure.FIRST_PUSH, slow * 700);
      report.add(Regression.NAME, "baseline", Measure.FIRST_PUSH, slow * 690);
    }

    assertEquals(List.of(), Regression.found(report, 10));
  }

  /** Pairs of processes that are asked, of which ours takes so many times as much. */
  private static int pairsUntilClear(double... ratios) throws Exception {
    Report report = new Report();
    int[] pairs = {0};
    Regression.untilClear(
        report,
        10,
        "pushserver apple",
        pair -> {
          pairs[0]++;
          report.add(Regression.NAME, "pushserver apple", Measure.CPU, 50 * ratios[pair]);
          report.add(Regression.NAME, "baseline apple", Measure.CPU, 50);
        });
    return pairs[0];
  }

  @Test
  void whatIsNearTheBoundIsAskedOfMoreProcesses() throws Exception {
    assertEquals(1, pairsUntilClear(1.04));
    assertEquals(2, pairsUntilClear(1.09, 0.98));
    assertEquals(3, pairsUntilClear(1.09, 1.09, 1.09));
  }

  @Test
  void whatNothingIsSaidOfIsNotTakenForReached() {
    Report report = new Report();
    report.add(SpoolCost.NAME, SpoolCost.WAITING_ON, Measure.CPU_HIGH, 57);
    report.add(SpoolCost.NAME, SpoolCost.WAITING_OFF, Measure.CPU_HIGH, 52);

    assertEquals(1, Goals.judge(report).size());
    assertEquals(5, Goals.judge(report).get(0).reached());
    List<String> missing = Goals.missing(report).stream().map(Goals.Missing::what).toList();
    assertTrue(missing.contains("spool: to load 100000, s"));
    assertFalse(missing.contains("spool: to keep and forget a push at 10000/s, µs"));
    String text = Goals.render(report);
    assertTrue(
        text.contains("| spool: to keep and forget a push at 10000/s, µs | ≤ 6 | 5.00 |\n"), text);
    assertTrue(text.contains("| spool: to load 100000, s | ≤ 1 | – |\n"), text);
    assertTrue(text.contains("Not measured in this run, but with:\n"), text);
  }

  @Test
  void aCopyIsWhatAPushThatWaitsCostsMoreThanOneThatOnlyCrosses() {
    Report report = new Report();
    report.add(ClusterPair.NAME, ClusterPair.ONE, Measure.CPU_HIGH, 50);
    report.add(ClusterPair.NAME, ClusterPair.TWO, Measure.CPU_HIGH, 80);
    report.add(ClusterPair.NAME, ClusterPair.ONE_WAITS, Measure.CPU_HIGH, 60);
    report.add(ClusterPair.NAME, ClusterPair.TWO_WAIT, Measure.CPU_HIGH, 104);

    Goals.Goal copy = Goals.judge(report).get(0);

    assertEquals("cluster: copy of a push at 10000/s, µs", copy.what());
    assertEquals(14, copy.reached());
    assertTrue(copy.met());
  }

  @Test
  void ofACopyThatNotEachRoundShowsNothingIsSaid() {
    Report report = new Report();
    for (double waits : List.of(104.0, 80.0, 130.0)) {
      report.add(ClusterPair.NAME, ClusterPair.ONE, Measure.CPU_HIGH, 50);
      report.add(ClusterPair.NAME, ClusterPair.TWO, Measure.CPU_HIGH, 80);
      report.add(ClusterPair.NAME, ClusterPair.ONE_WAITS, Measure.CPU_HIGH, 60);
      report.add(ClusterPair.NAME, ClusterPair.TWO_WAIT, Measure.CPU_HIGH, waits);
    }

    assertEquals(List.of(), Goals.judge(report));
    assertEquals(
        List.of("--only cluster, when nothing else runs; here -10.0 … 40.0"),
        Goals.missing(report).stream()
            .filter(goal -> goal.what().equals("cluster: copy of a push at 10000/s, µs"))
            .map(Goals.Missing::how)
            .toList());
  }

  @Test
  void aMetricIsFoundByItsWholeName() {
    String text = "# HELP a b\na_total_seconds 7.0\na_total 3.0\n";

    assertEquals(3, Metrics.parse(text, "a_total"));
    assertThrows(BenchException.class, () -> Metrics.parse(text, "a"));
  }

  @Test
  void threePhonesAreThreeContactsOfOneCall() throws Exception {
    Posts posts = Posts.contacts("com.example.phone");
    JsonNode contacts = body(posts).path("contacts");

    assertEquals(3, contacts.size());
    assertEquals(
        "<sip:bob@192.0.2.10>;pn-type=ios;app-id=com.example.phone0;pn-tok=" + Posts.device(4),
        contacts.get(1).asText());
    assertEquals("incoming_session", body(posts).path("event").asText());
  }

  @Test
  void gorushIsAskedForOnePushInItsOwnWords() throws Exception {
    JsonNode push = body(Posts.gorush("com.example.phone")).path("notifications").get(0);

    assertEquals(1, push.path("platform").asInt());
    assertEquals("com.example.phone0", push.path("topic").asText());
    assertEquals(Posts.device(1), push.path("tokens").get(0).asText());
    assertEquals("Alice", push.path("data").path("from-display-name").asText());
  }

  @Test
  void aFormSaysTheSameAsTheJson() {
    String form = text(Posts.form("com.example.phone"));

    assertTrue(form.contains("app-id=com.example.phone0&token=" + Posts.device(1) + "&call-id="));
  }
}
