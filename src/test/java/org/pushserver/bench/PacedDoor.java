// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** One server, or several that are one, asked at constant rates. What is measured is their sum. */
final class PacedDoor implements Closeable {
  /** A 202 that waits for the disk takes some ms: at 10 000 a second 64 would not do. */
  static final int CONNECTIONS = 256;

  private static final double BYTES_PER_MB = 1_000_000;

  /** Seconds until the connections are made and all caches are warm again. */
  private static final int LEAD_IN_S = 1;

  private static final List<Double> SLOW = List.of(0.2, 0.5);
  private static final int SLOW_S = 2;

  private final String name;
  private final List<Running> servers;
  private final Posts posts;
  private final int status;

  /**
   * What one turn gave.
   *
   * @param times of the answers
   * @param cpuMicros user and system time of all servers for one request
   */
  record Turn(Times times, double cpuMicros) {}

  /**
   * @param name in the results
   * @param servers are asked by turns
   * @param posts what they are sent
   * @param status that every answer must have
   */
  PacedDoor(String name, List<Running> servers, Posts posts, int status) {
    this.name = name;
    this.servers = servers;
    this.posts = posts;
    this.status = status;
  }

  String name() {
    return name;
  }

  List<Running> servers() {
    return servers;
  }

  /** Asks so often a second; the first second does not count for the times. */
  Turn run(double perSecond, int seconds) throws IOException {
    return run(perSecond, LEAD_IN_S, seconds);
  }

  private Turn run(double perSecond, int leadIn, int seconds) throws IOException {
    int before = (int) (perSecond * leadIn);
    int count = (int) (perSecond * seconds);
    long cpu = cpuMicros();
    Times times;
    try (PacedClient client =
        new PacedClient(servers.stream().map(Running::port).toList(), posts, status, CONNECTIONS)) {
      times = client.run(perSecond, before, count);
    }
    Turn turn = new Turn(times, (cpuMicros() - cpu) / (double) (before + count));
    for (Running server : servers) {
      server.child().emptyLog();
    }
    return turn;
  }

  /**
   * Asks until that becomes no cheaper; a little less often at first, as cold ones do not keep up.
   * Each server gets as many as one alone would: of half as many it is half as warm.
   */
  void warmUp(WarmUp warmUp, double perSecond) throws IOException, InterruptedException {
    for (double slow : SLOW) {
      Turn unused = run(perSecond * slow, 0, SLOW_S);
    }
    WarmUp.Result result =
        warmUp
            .atLeast(warmUp.leastPushes() * servers.size())
            .until(
                seconds -> {
                  Turn turn = run(perSecond, 0, seconds);
                  return new WarmUp.Step((long) (perSecond * seconds), turn.cpuMicros());
                });
    Run.say("  " + result.text());
  }

  /** Memory in use by all of them. */
  double residentMegabytes() throws IOException {
    long bytes = 0;
    for (Running server : servers) {
      bytes += server.child().files().residentBytes();
    }
    return bytes / BYTES_PER_MB;
  }

  private long cpuMicros() throws IOException {
    long micros = 0;
    for (Running server : servers) {
      micros += server.child().files().cpuMicros();
    }
    return micros;
  }

  @Override
  public void close() {
    servers.forEach(server -> server.child().close());
  }
}
