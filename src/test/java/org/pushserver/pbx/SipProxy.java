// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pbx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.pushserver.fake.Programs;

/** A SIP proxy that runs and says on its console how it is. Any thread. */
abstract class SipProxy implements Pbx {
  private final Path log;
  private final int port;
  private final String trouble;
  private final Process process;

  /**
   * Starts it.
   *
   * @param log for what it says
   * @param port where it was told to take SIP
   * @param trouble the words with which a complaint begins, as a regular expression
   */
  SipProxy(Path log, int port, String trouble, List<String> command) throws IOException {
    this.log = log;
    this.port = port;
    this.trouble = ".*(" + trouble + "):.*";
    process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  /** Whether it runs. */
  final boolean isAlive() {
    return process.isAlive();
  }

  /** What it has said so far. */
  final String said() throws IOException {
    return Files.readString(log);
  }

  @Override
  public final int port() {
    return port;
  }

  @Override
  public final int progress() {
    return 110;
  }

  @Override
  public final List<String> complaints() throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.matches(trouble)).toList();
    }
  }

  @Override
  public final void close() {
    Programs.end(process);
  }
}
