// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import java.util.concurrent.atomic.AtomicInteger;
import org.pushserver.api.LivePolicy;
import org.pushserver.observe.RequestMeters;

/**
 * What the verticles of one door share. Any thread.
 *
 * @param anyPort what stands for the free port that they share, if they are to listen on any
 * @param policy what holds now
 * @param connections how many are open
 * @param meters what happens at the door is counted here
 * @param maxRequests how many requests one HTTP/2 connection may have open
 * @param mostOpen how many requests may be open on all connections of one verticle
 */
record IngressState(
    int anyPort,
    LivePolicy policy,
    AtomicInteger connections,
    RequestMeters meters,
    int maxRequests,
    int mostOpen) {
  /** What an open request may take: the objects, and headers as long as they may be. */
  private static final long BYTES_PER_REQUEST = 32 * 1024;

  private static final int FEWEST = 100;

  /** Low: -1, -2 … may be another program's, which would get our requests then. */
  private static final AtomicInteger DOORS = new AtomicInteger(-1_000_000);

  /**
   * A door in the memory that there is.
   *
   * @param verticles how many share it
   */
  static IngressState of(LivePolicy policy, int verticles, RequestMeters meters) {
    long fit = Runtime.getRuntime().maxMemory() / BYTES_PER_REQUEST / verticles;
    return new IngressState(
        DOORS.decrementAndGet(),
        policy,
        new AtomicInteger(),
        meters,
        policy.now().limits().maxRequests(),
        (int) Math.min(Integer.MAX_VALUE, Math.max(FEWEST, fit)));
  }
}
