// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import org.HdrHistogram.Histogram;

/** A program that takes requests over HTTP, as this server does. */
final class Door extends Program {
  private static final int OK = 200;
  private static final int CONNECTIONS = 64;

  private final Wrk wrk;
  private final int port;
  private final Posts posts;

  /**
   * @param name in the results
   * @param posts what it is sent
   */
  Door(String name, Child child, Sink sink, Wrk wrk, int port, Posts posts) {
    super(name, child, sink);
    this.wrk = wrk;
    this.port = port;
    this.posts = posts;
  }

  @Override
  Load load(int seconds) throws IOException, InterruptedException {
    return wrk.run(port, posts, seconds);
  }

  /** Sends it so many requests a second; fails when an answer is not 200. Times in nanoseconds. */
  Histogram pace(double perSecond, int seconds) throws IOException {
    long bytes = sink().bytes();
    int count = (int) (perSecond * seconds);
    Histogram histogram;
    try (PacedClient client = new PacedClient(port, posts, OK, CONNECTIONS)) {
      histogram = client.run(perSecond, count);
    }
    sink().verify(name(), count, bytes);
    child().emptyLog();
    return histogram;
  }

  /** What one push costs at so many a second, in microseconds of user and system time. */
  double cpuAt(double perSecond, int seconds) throws IOException {
    long cpu = child().files().cpuMicros();
    Histogram times = pace(perSecond, seconds);
    return (child().files().cpuMicros() - cpu) / (double) times.getTotalCount();
  }
}
