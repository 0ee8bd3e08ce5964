// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Sends requests at a constant rate, whatever the answers do. A request's time runs from the moment
 * at which it was due, not from that at which a connection was free for it: a server that stalls is
 * charged for all that had to wait meanwhile.
 */
final class PacedClient implements Closeable {
  /** How long it looks away; so much may be added to a time. */
  private static final long PAUSE_NANOS = 20_000;

  private static final long HIGHEST_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final long SPARE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final Posts posts;
  private final int status;
  private final Selector selector;
  private final Deque<PacedConnection> free = new ArrayDeque<>();

  /**
   * Connects.
   *
   * @param status that every answer must have
   * @param connections at most so many requests are under way
   */
  PacedClient(int port, Posts posts, int status, int connections) throws IOException {
    this.posts = posts;
    this.status = status;
    this.selector = Selector.open();
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    for (int i = 0; i < connections; i++) {
      free.add(new PacedConnection(address, selector));
    }
  }

  /**
   * Sends so many requests and waits for all answers.
   *
   * @return nanoseconds from due to answered
   */
  Histogram run(double perSecond, int count) throws IOException {
    Histogram histogram = new Histogram(HIGHEST_NANOS, 3);
    double period = TimeUnit.SECONDS.toNanos(1) / perSecond;
    long start = System.nanoTime();
    // At half the rate it still ends; a program that is slower than that has failed.
    long end = start + (long) (2 * count * period) + SPARE_NANOS;
    int sent = 0;
    int answered = 0;
    while (answered < count) {
      long now = System.nanoTime();
      while (sent < count && !free.isEmpty() && start + (long) (sent * period) <= now) {
        free.poll().send(posts.next(), start + (long) (sent * period));
        sent++;
      }
      int came = receive(histogram);
      answered += came;
      if (came == 0) {
        if (now > end) {
          throw new BenchException("of " + count + " requests only " + answered + " were answered");
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    return histogram;
  }

  /** Sends one request on each connection, and leaves them without looking for answers. */
  void hold() throws IOException {
    while (!free.isEmpty()) {
      free.poll().send(posts.next(), System.nanoTime());
    }
  }

  private int receive(Histogram histogram) throws IOException {
    if (selector.selectNow() == 0) {
      return 0;
    }
    int came = 0;
    for (SelectionKey key : selector.selectedKeys()) {
      PacedConnection connection = (PacedConnection) key.attachment();
      if (connection.read(status)) {
        histogram.recordValue(System.nanoTime() - connection.due());
        free.add(connection);
        came++;
      }
    }
    selector.selectedKeys().clear();
    return came;
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
