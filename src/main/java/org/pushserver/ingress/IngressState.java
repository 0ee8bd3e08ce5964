// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.pushserver.observe.RequestMeters;

/**
 * What the verticles of one door share. Any thread.
 *
 * @param policy what holds now
 * @param connections how many are open
 * @param meters what happens at the door is counted here
 * @param maxRequests how many requests one HTTP/2 connection may have open
 * @param mostOpen how many requests may be open on all connections of one verticle
 */
record IngressState(
    AtomicReference<Policy> policy,
    AtomicInteger connections,
    RequestMeters meters,
    int maxRequests,
    int mostOpen) {
  /** What an open request may take: the objects, and headers as long as they may be. */
  private static final long BYTES_PER_REQUEST = 32 * 1024;

  private static final int FEWEST = 100;

  /**
   * A door in the memory that there is.
   *
   * @param verticles how many share it
   */
  static IngressState of(Policy policy, int verticles, RequestMeters meters) {
    long fit = Runtime.getRuntime().maxMemory() / BYTES_PER_REQUEST / verticles;
    return new IngressState(
        new AtomicReference<>(policy),
        new AtomicInteger(),
        meters,
        policy.limits().maxRequests(),
        (int) Math.min(Integer.MAX_VALUE, Math.max(FEWEST, fit)));
  }
}
