// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.release;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** Runs commands as somebody does at a prompt. */
final class Shell {
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
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(code, process.waitFor(), said);
      return said.strip();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
