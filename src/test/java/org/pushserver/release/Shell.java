// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.release;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
    // Read from a file: nobody could interrupt who reads from a pipe that never ends.
    Path said = Files.createTempFile("said", "");
    try {
      Process process = builder.redirectOutput(said.toFile()).start();
      process.getOutputStream().close();
      try {
        int ended = process.waitFor();
        String text = Files.readString(said, StandardCharsets.UTF_8);
        assertEquals(code, ended, text);
        return text.strip();
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } finally {
      Files.delete(said);
    }
  }
}
