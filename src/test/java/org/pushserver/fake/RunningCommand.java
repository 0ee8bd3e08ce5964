// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A command that goes on until it is ended; a test ends it in any case. Any thread. */
public final class RunningCommand implements AutoCloseable {
  private final Process process;
  private final Path said;

  private RunningCommand(Process process, Path said) {
    this.process = process;
    this.said = said;
  }

  static RunningCommand start(ProcessBuilder builder) throws IOException {
    // Nobody could interrupt who reads from a pipe that never ends.
    Path said = Files.createTempFile("said", "");
    try {
      Process process = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
      return new RunningCommand(process, said);
    } catch (IOException e) {
      Files.delete(said);
      throw e;
    }
  }

  /** The process. */
  public Process process() {
    return process;
  }

  /** Waits until it has printed this, in what it has said so far. */
  public Matcher untilSaid(Pattern pattern) throws Exception {
    AtomicReference<Matcher> found = new AtomicReference<>();
    Await.until(
        () -> {
          boolean goesOn = process.isAlive();
          Matcher matcher = pattern.matcher(said());
          if (!matcher.find()) {
            if (!goesOn) {
              throw new AssertionError("it ended without " + pattern + ":\n" + said());
            }
            return false;
          }
          found.set(matcher);
          return true;
        },
        () -> "it has not said " + pattern + ":\n" + text());
    return found.get();
  }

  /** All that it has printed, errors, too. */
  public String said() throws IOException {
    return new String(Files.readAllBytes(said), StandardCharsets.UTF_8);
  }

  private String text() {
    try {
      return said();
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Asks it to end, and waits for that; returns all that it has printed. */
  public String end() throws IOException {
    Programs.end(process);
    return said();
  }

  @Override
  public void close() throws IOException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    Files.deleteIfExists(said);
  }
}
