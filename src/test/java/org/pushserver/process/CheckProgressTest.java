// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.fake.Await;
import org.pushserver.fake.Command;

/** What {@code bin/check} makes of what Maven says. */
class CheckProgressTest {
  private static final Path SCRIPT = Path.of("bin", "lib", "tests.sh").toAbsolutePath();
  private static final String SUM = "All that Maven said is in target/check.log.";

  private static final String GOOD =
      """
      [INFO] --- maven-compiler-plugin:3.16.0:compile (default-compile) @ pushserver ---
      [INFO] --- maven-surefire-plugin:3.5.6:test (default-test) @ pushserver ---
      [INFO] Running org.pushserver.spi.ReasonTest
      [INFO] Tests run: 5, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.008 s -- in org.pushserver.spi.ReasonTest
      [WARNING] Tests run: 3, Failures: 0, Errors: 0, Skipped: 1, Time elapsed: 0.1 s -- in org.pushserver.VanishedTest
      [WARNING] Tests run: 8, Failures: 0, Errors: 0, Skipped: 1
      """;

  private static final String BAD =
      """
      [ERROR] Tests run: 8, Failures: 1, Errors: 1, Skipped: 0, Time elapsed: 3.675 s <<< FAILURE! -- in org.pushserver.observe.HealthIT
      [ERROR] org.pushserver.observe.HealthIT.isReady(String)[2] -- Time elapsed: 0.627 s <<< FAILURE!
      org.opentest4j.AssertionFailedError: expected: <503> but was: <200>
      \tat java.base/java.lang.reflect.Method.invoke(Method.java:569)
      \tat org.pushserver.observe.HealthIT.isReady(HealthIT.java:75)

      [ERROR] org.pushserver.observe.HealthIT.isAlive -- Time elapsed: 0.1 s <<< ERROR!
      java.io.IOException: gone

      """;

  @TempDir private Path directory;

  private List<String> told(String maven) throws Exception {
    String command = "set -euo pipefail; source '%s'; tell_progress 2 0 target/check.log";
    Command.Ended ended =
        Command.of("bash", "-c", command.formatted(SCRIPT)).in(directory).run(maven);
    assertEquals(0, ended.code(), ended.said());
    // However long it took.
    return ended.said().replaceAll("classes and \\d+ s", "classes and 0 s").lines().toList();
  }

  @Test
  void eachClassHasALineAndTheLastOneIsTheSum() throws Exception {
    assertEquals(
        List.of(
            "Compiling",
            "Unit tests",
            "    1 of 2  spi.ReasonTest                                   5 tests   0.008 s",
            "    2 of 2  VanishedTest                                     3 tests     0.1 s, 1 left out",
            "7 tests passed, 0 failed, 1 were left out, in 2 classes and 0 s. " + SUM),
        told(GOOD + "[INFO] BUILD SUCCESS\n"));
  }

  @Test
  void whatFailsIsShownWithWhatItPrintedAndNamedInTheSum() throws Exception {
    Path reports = Files.createDirectories(directory.resolve("target/failsafe-reports"));
    Files.writeString(
        reports.resolve("org.pushserver.observe.HealthIT-output.txt"),
        "a line\n".repeat(100) + "x".repeat(300) + "\n");
    List<String> told = told(GOOD + BAD + "[ERROR] There are test failures.\n");
    assertEquals(
        "FAILED: 13 tests passed, 2 failed (observe.HealthIT.isReady(String)[2],"
            + " observe.HealthIT.isAlive), 1 were left out, in 3 classes and 0 s. "
            + SUM,
        told.get(told.size() - 1));
    String all = String.join("\n", told);
    assertTrue(all.contains("observe.HealthIT                                 8 tests"), all);
    assertTrue(all.contains("3.675 s, 2 FAILED"), all);
    assertTrue(all.contains("expected: <503> but was: <200>"), all);
    assertTrue(all.contains("at org.pushserver.observe.HealthIT.isReady"), all);
    assertTrue(all.contains("java.io.IOException: gone"), all);
    assertEquals(0, told.stream().filter(line -> line.contains("java.base")).count(), all);
    assertEquals(14, told.stream().filter(line -> line.equals("    a line")).count(), all);
    assertTrue(told.contains("    " + "x".repeat(196)), all);
  }

  /** Who keeps no more than the end of all this is to see why, too. */
  @Test
  void theReasonOfEachTestThatFailedStandsInALineBeforeTheSum() throws Exception {
    Path reports = Files.createDirectories(directory.resolve("target/failsafe-reports"));
    Files.writeString(reports.resolve("org.pushserver.observe.HealthIT-output.txt"), "printed\n");
    List<String> told = told(GOOD + BAD + "[ERROR] There are test failures.\n");
    assertEquals(
        List.of(
            "    printed",
            "FAILED: observe.HealthIT.isReady(String)[2]: AssertionFailedError: expected: <503> but"
                + " was: <200>",
            "FAILED: observe.HealthIT.isAlive: java.io.IOException: gone"),
        told.subList(told.size() - 4, told.size() - 1));
  }

  @Test
  void aReasonIsShortAndBelongsToTheExceptionAlsoWhenItStandsInTheNextLine() throws Exception {
    String failed = "[ERROR] org.pushserver.AIT.test%s -- Time elapsed: 0.1 s <<< ERROR!%n%s%n%n";
    StringBuilder maven = new StringBuilder();
    maven.append(failed.formatted("0", "java.lang.AssertionError: \n  no line has \"x\""));
    maven.append(failed.formatted("1", "java.lang.AssertionError: " + "y".repeat(500)));
    maven.append(
        failed.formatted(
            "2", "java.lang.Error\n\tat java.base/a.B.c\nCaused by: java.lang.Error: z"));
    for (int i = 3; i < 30; i++) {
      maven.append(failed.formatted(i, "java.lang.Error: one of many"));
    }
    List<String> told = told(maven.toString());
    List<String> why = told.stream().filter(line -> line.startsWith("FAILED: AIT.")).toList();
    assertEquals(20, why.size());
    assertEquals("FAILED: AIT.test0: java.lang.AssertionError:    no line has \"x\"", why.get(0));
    assertEquals(300, why.get(1).length() - "FAILED: ".length());
    assertEquals("FAILED: AIT.test2: java.lang.Error Caused by: java.lang.Error: z", why.get(2));
  }

  @Test
  void aBuildThatNoTestHasStoppedSaysWhatDid() throws Exception {
    assertEquals(
        List.of(
            "[ERROR] COMPILATION ERROR :",
            "FAILED, but not by a test: 0 tests passed, 0 failed, in 0 classes and 0 s. " + SUM),
        told("[INFO] Compiling 3 files\n[ERROR] COMPILATION ERROR :\n[INFO] BUILD FAILURE\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit 3", "kill -INT $$", "kill -TERM $$", "kill -HUP $$"})
  void whatGoesOnBesideACheckEndsWithItHoweverThatEnds(String end) throws Exception {
    String command =
        "set -euo pipefail; source '%s'; beside sh -c 'sleep 300 & echo $! >pid; wait';"
            + " until [ -s pid ]; do sleep 0.1; done; %s";
    // A check that nohup started has SIGHUP ignored, and so would all that it starts.
    Command.Ended ended =
        Command.of("env", "--default-signal", "bash", "-c", command.formatted(SCRIPT, end))
            .in(directory)
            .run();
    assertNotEquals(0, ended.code(), ended.said());
    long pid = Long.parseLong(Files.readString(directory.resolve("pid")).strip());
    Optional<ProcessHandle> left = ProcessHandle.of(pid);
    try {
      Await.until(
          () -> left.isEmpty() || !left.get().isAlive(), () -> "process " + pid + " goes on");
    } finally {
      left.ifPresent(ProcessHandle::destroyForcibly);
    }
  }
}
