// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.release;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.pushserver.fake.Command;

/** Runs commands as somebody does at a prompt. */
final class Shell {
  /** Some build a whole release. */
  private static final Duration LONGEST = Duration.ofMinutes(20);

  private Shell() {}

  /**
   * Runs it to its end, which must be a good one.
   *
   * @param directory where
   * @param environment what is added to ours
   * @return what it printed, without the white space around that
   */
  static String run(Path directory, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    return run(0, directory, environment, command);
  }

  /**
   * Runs it to its end, which must be that it refuses.
   *
   * @param directory where
   * @return why, without the white space around that
   */
  static String refusal(Path directory, String... command)
      throws IOException, InterruptedException {
    return run(1, directory, Map.of(), command);
  }

  private static String run(
      int code, Path directory, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Command.Ended ended = Command.of(command).in(directory).with(environment).within(LONGEST).run();
    assertEquals(code, ended.code(), ended.said());
    return ended.said().strip();
  }
}
