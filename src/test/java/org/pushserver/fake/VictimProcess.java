// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own that is to be killed while it works, and what it says until then. */
public final class VictimProcess {
  private final Process process;
  private final BufferedReader words;

  private VictimProcess(Process process) {
    this.process = process;
    this.words = process.inputReader();
  }

  /** Runs a main class of these tests, or of the product. */
  public static VictimProcess start(Class<?> main, Object... arguments) throws IOException {
    return new VictimProcess(builder(main, arguments).start());
  }

  /** The same, and what it says goes into a file. */
  public static VictimProcess startInto(File log, Class<?> main, Object... arguments)
      throws IOException {
    return new VictimProcess(builder(main, arguments).redirectOutput(log).start());
  }

  private static ProcessBuilder builder(Class<?> main, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new ProcessBuilder(command).redirectErrorStream(true);
  }

  /** Its next line; null at its end. Also what it said before it was killed. */
  public String next() throws IOException {
    return words.readLine();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Kills it, as a machine does that runs out of memory. What it has said can still be read. */
  public void kill() {
    // Not by the process itself: that would take away what it has said.
    if (!process.toHandle().destroyForcibly()) {
      throw new AssertionError("it cannot be killed");
    }
  }

  /**
   * Waits for its end.
   *
   * @return its exit code
   */
  public int exitCode(long withinS) throws InterruptedException {
    if (!process.waitFor(withinS, TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end");
    }
    return process.exitValue();
  }

  /** Ends it, if it has not ended. */
  public void end() throws Exception {
    process.destroyForcibly();
    int unused = exitCode(Await.PATIENCE.toSeconds());
    words.close();
  }
}
