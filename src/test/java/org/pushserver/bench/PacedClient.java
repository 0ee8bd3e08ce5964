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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Sends requests at a constant rate, whatever the answers do. A request's time runs from the moment
 * at which it was due, not from that at which a connection was free for it: a server that stalls is
 * charged for all that had to wait meanwhile.
 *
 * <p>Nearly all that it costs is the kernel's part of sending and receiving, so that no other
 * client would be much cheaper. On a machine with two cores it has to wait for one now and then,
 * which it tells.
 */
final class PacedClient implements Closeable {
  /** How long it looks away; so much may be added to a time. */
  private static final long PAUSE_NANOS = 20_000;

  private static final long SPARE_NANOS = TimeUnit.SECONDS.toNanos(40);

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
    this(List.of(port), posts, status, connections);
  }

  /**
   * Connects to several servers, by turns.
   *
   * @param ports theirs
   */
  PacedClient(List<Integer> ports, Posts posts, int status, int connections) throws IOException {
    this.posts = posts;
    this.status = status;
    this.selector = Selector.open();
    for (int i = 0; i < connections; i++) {
      int port = ports.get(i % ports.size());
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      free.add(new PacedConnection(address, selector));
    }
  }

  /**
   * Sends so many requests and waits for all answers.
   *
   * @return their times
   */
  Times run(double perSecond, int count) throws IOException {
    return run(perSecond, 0, count);
  }

  /**
   * The same with some more before them, at the same rate, whose times do not count: the server has
   * just been given connections.
   */
  Times run(double perSecond, int before, int counted) throws IOException {
    Times times = new Times();
    int count = before + counted;
    double period = TimeUnit.SECONDS.toNanos(1) / perSecond;
    long start = System.nanoTime();
    // At half the rate it still ends; a program that is slower than that has failed.
    long end = start + (long) (2 * count * period) + SPARE_NANOS;
    long counts = start + (long) (before * period);
    long looked = start;
    int sent = 0;
    int answered = 0;
    while (answered < count) {
      long now = System.nanoTime();
      for (long due = start + (long) (sent * period);
          sent < count && !free.isEmpty() && due <= now;
          due = start + (long) (++sent * period)) {
        if (sent >= before) {
          times.late().recordValue(now - Math.max(due, looked));
        }
        free.poll().send(posts.next(), due);
      }
      looked = now;
      int came = receive(times.answered(), counts);
      answered += came;
      if (came == 0) {
        if (now > end) {
          throw new BenchException("of " + count + " requests only " + answered + " were answered");
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    return times;
  }

  /** Sends one request on each connection, and leaves them without looking for answers. */
  void hold() throws IOException {
    while (!free.isEmpty()) {
      free.poll().send(posts.next(), System.nanoTime());
    }
  }

  private int receive(Histogram answered, long counts) throws IOException {
    if (selector.selectNow() == 0) {
      return 0;
    }
    int came = 0;
    for (SelectionKey key : selector.selectedKeys()) {
      PacedConnection connection = (PacedConnection) key.attachment();
      if (connection.read(status)) {
        if (connection.due() >= counts) {
          answered.recordValue(System.nanoTime() - connection.due());
        }
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
