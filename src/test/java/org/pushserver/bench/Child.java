// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A process that the benchmark started. Its output goes to a log of its own. */
final class Child implements Closeable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final int SHOWN_LINES = 20;

  private final String name;
  private final Process process;
  private final Path log;
  private final ProcessFiles files;

  private Child(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.files = new ProcessFiles(process.pid());
  }

  /**
   * Starts it.
   *
   * @param environment set in addition to ours
   */
  static Child start(String name, Path dir, Map<String, String> environment, List<String> command)
      throws IOException {
    Path log = dir.resolve(name.replace(' ', '-') + ".log");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return new Child(name, builder.start(), log);
  }

  /** Starts one that is spoken to over its standard input and output; its errors go to the log. */
  static Child startTalking(String name, Path dir, List<String> command) throws IOException {
    Path log = dir.resolve(name.replace(' ', '-') + ".log");
    return new Child(
        name,
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start(),
        log);
  }

  /** Waits until it listens. */
  void awaitPort(int port) throws IOException, InterruptedException {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (!listens(port)) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new BenchException(name + " does not listen on port " + port + ":\n" + lastWords());
      }
      Thread.sleep(2);
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return isAnswered(socket);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Whether somebody else is at the other end: a socket whose own port happens to be the one that
   * it connects to reaches itself.
   */
  static boolean isAnswered(Socket connected) {
    return connected.getLocalPort() != connected.getPort();
  }

  String name() {
    return name;
  }

  Process process() {
    return process;
  }

  /** What Linux knows of it. */
  ProcessFiles files() {
    return files;
  }

  /** The end of its log. */
  String lastWords() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
  }

  /** Forgets its log: some lines for each push fill a disk in the end. It is opened to append. */
  void emptyLog() throws IOException {
    FileChannel.open(log, StandardOpenOption.WRITE).truncate(0).close();
  }

  /** Ends it at once: nothing of it is worth keeping. */
  @Override
  public void close() {
    var unused = process.destroyForcibly().onExit().join();
  }
}
