// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command that is run to its end, as somebody does at a prompt. Nothing of it is left when the
 * test goes on, however that comes about. Any thread.
 *
 * @param words the program and its arguments
 * @param directory where it runs
 * @param environment what is added to ours
 * @param patience when it must have ended
 */
public record Command(
    List<String> words, Path directory, Map<String, String> environment, Duration patience) {
  /**
   * How one ended.
   *
   * @param code its exit code
   * @param said all that it printed, errors, too
   */
  public record Ended(int code, String said) {}

  /** One that runs where the tests do, and takes no longer than they wait for anything. */
  public static Command of(String... words) {
    return of(List.of(words));
  }

  /** As {@link #of(String...)}. */
  public static Command of(List<String> words) {
    return new Command(List.copyOf(words), Path.of(""), Map.of(), Await.PATIENCE);
  }

  /** The same elsewhere. */
  public Command in(Path other) {
    return new Command(words, other, environment, patience);
  }

  /** The same with this in its environment, too. */
  public Command with(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    return new Command(words, directory, all, patience);
  }

  /** The same that may take so long. */
  public Command within(Duration other) {
    return new Command(words, directory, environment, other);
  }

  /** Runs it; it finds nothing to read. */
  public Ended run() throws IOException, InterruptedException {
    return run("");
  }

  /**
   * Runs it.
   *
   * @param input what it is given to read, which fits into a pipe if it does not read it
   * @throws AssertionError when it has not ended in time
   */
  public Ended run(String input) throws IOException, InterruptedException {
    try (RunningCommand running = start()) {
      Process process = running.process();
      process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().close();
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("it does not end: " + words + "\n" + running.said());
      }
      return new Ended(process.exitValue(), running.said());
    }
  }

  /** Starts one that goes on; to be closed. */
  public RunningCommand start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(words).directory(directory.toAbsolutePath().toFile());
    builder.environment().putAll(environment);
    return RunningCommand.start(builder);
  }
}
