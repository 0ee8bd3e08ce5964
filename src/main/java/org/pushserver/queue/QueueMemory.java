// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The budget of memory that the pushes of all applications share while they wait: without a bound
 * one outage fills the heap, and then nothing works any more. What a push takes is estimated by
 * {@link Weight}. Any thread.
 */
public final class QueueMemory {
  /** One place of memory for all: two additions for each push, and no lock. */
  private final AtomicLong used = new AtomicLong();

  /** What a push takes while it is with its service, beside what it took before: its stream. */
  private static final int FLIGHT = 8_000;

  /** For these there is a part of the memory more. */
  private static final int FLIGHT_SHARE = 4;

  private final AtomicLong inFlight = new AtomicLong();
  private final LongAdder refused = new LongAdder();
  private volatile long limit;

  /**
   * @param limit in bytes
   */
  public QueueMemory(long limit) {
    this.limit = limit;
  }

  /**
   * Takes some. Calls may use it all; the others leave a fifth of it to them.
   *
   * @return false when there is not so much left
   */
  public boolean take(int bytes, boolean isCall) {
    long all = limit;
    long most = isCall ? all : all - all / 5;
    if (used.addAndGet(bytes) <= most) {
      return true;
    }
    used.addAndGet(-bytes);
    return false;
  }

  /** Takes some, whether there is so much left or not. */
  void takeAnyway(int bytes) {
    used.addAndGet(bytes);
  }

  /** Gives some back. */
  public void free(int bytes) {
    used.addAndGet(-bytes);
  }

  /**
   * Whether another push may be handed to its service: after an outage all applications would send
   * all they have at the same moment.
   */
  boolean hasRoomToSend() {
    return inFlight.get() < limit / FLIGHT_SHARE / FLIGHT;
  }

  /** Notes that a push has been handed to its service. */
  void sent() {
    inFlight.incrementAndGet();
  }

  /** Notes that an attempt has ended. */
  void attemptEnded() {
    inFlight.decrementAndGet();
  }

  /** Notes that a push was turned away because there is not enough. */
  void refuse() {
    refused.increment();
  }

  /** Changes how much there is, in bytes; what is taken stays taken. */
  public void limit(long bytes) {
    limit = bytes;
  }

  /** How much there is, in bytes. */
  public long limit() {
    return limit;
  }

  /** How much is taken, in bytes. */
  public long used() {
    return used.get();
  }

  /** How many pushes were turned away because there was not enough. */
  public long refused() {
    return refused.sum();
  }
}
