// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;

/** A program that takes requests over HTTP, as this server does. */
final class BenchIngress extends Program {
  private static final int OK = 200;
  private static final int CONNECTIONS = 64;
  private static final int FIRST_PUSHES = 5 * CONNECTIONS;

  /** Seconds until the connections are made and all caches are warm again. */
  private static final int LEAD_IN_S = 1;

  private final Wrk wrk;
  private final int port;
  private final Posts posts;

  /**
   * @param name in the results
   * @param posts what it is sent
   */
  BenchIngress(String name, Child child, Sink sink, Wrk wrk, int port, Posts posts) {
    super(name, child, sink);
    this.wrk = wrk;
    this.port = port;
    this.posts = posts;
  }

  @Override
  Load load(int seconds) throws IOException, InterruptedException {
    return wrk.run(port, posts, seconds);
  }

  /** Some on each connection that it will have: a cold one may answer none in two seconds. */
  @Override
  void first() throws IOException {
    try (PacedClient client = new PacedClient(port, posts, OK, CONNECTIONS)) {
      var unused = client.run(FIRST_PUSHES, FIRST_PUSHES);
    }
  }

  /**
   * Lets it get used to a constant rate. At first compilers are at work on both sides, and there
   * are stalls of up to a tenth of a second that seldom come again.
   */
  void settle(double perSecond, int seconds) throws IOException {
    var unused = pace(perSecond, seconds);
  }

  /**
   * Sends it so many requests a second, after a second of the same that does not count; fails when
   * an answer is not 200.
   */
  Times pace(double perSecond, int seconds) throws IOException {
    long bytes = sink().bytes();
    int before = (int) (perSecond * LEAD_IN_S);
    int count = (int) (perSecond * seconds);
    Times times;
    try (PacedClient client = new PacedClient(port, posts, OK, CONNECTIONS)) {
      times = client.run(perSecond, before, count);
    }
    sink().verify(name(), count, bytes);
    child().emptyLog();
    return times;
  }

  /** What one push costs at so many a second, in microseconds of user and system time. */
  double cpuAt(double perSecond, int seconds) throws IOException {
    long cpu = child().files().cpuMicros();
    var unused = pace(perSecond, seconds);
    return (child().files().cpuMicros() - cpu) / (perSecond * (LEAD_IN_S + seconds));
  }
}
