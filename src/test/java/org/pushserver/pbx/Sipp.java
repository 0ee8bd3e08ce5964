// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pbx;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** SIPp: phones and callers, each a process that plays one scenario. Any thread. */
final class Sipp {
  private static final Path SCENARIOS = Path.of("src/test/resources/sipp");
  private static final int PATIENCE_S = 60;

  private final Path directory;
  private final int proxyPort;
  private final int progress;
  private final AtomicInteger runs = new AtomicInteger();
  private final List<Process> started = new ArrayList<>();

  /**
   * @param directory for its files
   * @param proxyPort where it sends to, on the loopback address
   * @param progress the status that says that a phone is being woken
   */
  Sipp(Path directory, int proxyPort, int progress) {
    this.directory = directory;
    this.proxyPort = proxyPort;
    this.progress = progress;
  }

  /** One that is to play a scenario once for each row. */
  final class Play {
    private final String scenario;
    private final Path log;
    private final List<String> rows;
    private final List<String> options;

    private Play(String scenario, List<String> rows, List<String> options) {
      this.scenario = scenario;
      this.rows = rows;
      this.options = options;
      log = directory.resolve(scenario + "-" + runs.incrementAndGet() + ".log");
    }

    /** Where its messages are, if it was told to write them. */
    Path messages() {
      return log.resolveSibling(log.getFileName() + ".messages");
    }

    /** The scenario, as it is for this proxy. */
    private Path written() throws IOException {
      String text = Files.readString(SCENARIOS.resolve(scenario + ".xml"));
      return Files.writeString(
          log.resolveSibling(log.getFileName() + ".xml"),
          text.replace("PROGRESS", Integer.toString(progress)));
    }

    private Process start() throws IOException {
      List<String> command = new ArrayList<>(List.of("sipp", "127.0.0.1:" + proxyPort));
      command.addAll(List.of("-sf", written().toString()));
      command.addAll(List.of("-i", "127.0.0.1", "-nostdin", "-trace_err"));
      // Over UDP, 180 may come after 200. What does not come at all ends the call.
      command.addAll(List.of("-default_behaviors", "all,-abortunexp", "-recv_timeout", "20000"));
      command.addAll(
          List.of("-error_file", log.resolveSibling(log.getFileName() + ".errors") + ""));
      if (!rows.isEmpty()) {
        Path values = log.resolveSibling(log.getFileName() + ".csv");
        Files.writeString(values, "SEQUENTIAL\n" + String.join("\n", rows) + "\n");
        command.addAll(List.of("-inf", values.toString(), "-m", Integer.toString(rows.size())));
      }
      command.addAll(List.of("-message_file", messages().toString()));
      command.addAll(options);
      return keep(
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start());
    }

    /** Plays it to its end, which must be good for every row. */
    void play() throws Exception {
      Process process = start();
      if (!process.waitFor(PATIENCE_S, SECONDS)) {
        throw new AssertionError(scenario + " did not end; see " + log);
      }
      if (process.exitValue() != 0) {
        Path errors = log.resolveSibling(log.getFileName() + ".errors");
        throw new AssertionError(
            String.format(
                Locale.ROOT,
                "%s ended with %d:%n%s",
                scenario,
                process.exitValue(),
                Files.exists(errors) ? Files.readString(errors) : Files.readString(log)));
      }
    }
  }

  /**
   * A scenario that is to be played.
   *
   * @param scenario the name of its file
   * @param rows the values of its fields, with semicolons between
   */
  Play scenario(String scenario, List<String> rows, String... options) {
    return new Play(scenario, rows, List.of(options));
  }

  /** Phones that are awake and answer every call, on a port, until all ends. */
  void answering(int port) throws IOException {
    Process unused = scenario("phone", List.of(), "-p", Integer.toString(port)).start();
  }

  private synchronized Process keep(Process process) {
    started.removeIf(one -> !one.isAlive());
    started.add(process);
    return process;
  }

  /** Ends all that still play. */
  synchronized void close() {
    started.forEach(Process::destroyForcibly);
  }
}
