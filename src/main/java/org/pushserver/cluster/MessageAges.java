// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How old a question of another server is when it comes. After a network was cut, TCP delivers what
 * was sent into the cut, minutes later: by then whoever asked has asked somebody else, and a ring
 * would be one too many, perhaps after its call. Any thread.
 *
 * <p>All in nanoseconds of monotonic clocks, which begin anywhere: how far another one is from that
 * of this server is learnt from its answers, and learnt anew each second, for it jumps when a
 * virtual machine was paused.
 */
final class MessageAges {
  /** Before that nobody has asked somebody else yet. */
  static final Duration OLDEST = Duration.ofMillis(MemberChannel.SILENT_MS);

  /** From a slower answer nothing is learnt. */
  private static final Duration QUICK = Duration.ofSeconds(1);

  /** Of servers that have long gone nothing is kept. */
  private static final int MOST = 256;

  private final Map<String, Long> offsets = new ConcurrentHashMap<>();

  /**
   * Notes what the clock of another server said.
   *
   * @param id of the other
   * @param asked by the clock of this server, as the next one
   * @param answered when the answer came
   * @param clock what the other's clock said in between
   */
  void learn(String id, long asked, long answered, long clock) {
    if (answered - asked <= QUICK.toNanos()) {
      if (offsets.size() >= MOST) {
        offsets.clear();
      }
      offsets.put(id, asked - clock);
    }
  }

  /**
   * Whether a question is too old to be answered; never of one whose clock is not known yet.
   *
   * @param id whose it is
   * @param clock what the clock there said when it was asked
   * @param now by the clock of this server
   */
  boolean isTooOld(String id, long clock, long now) {
    Long offset = offsets.get(id);
    return offset != null && now - clock - offset > OLDEST.toNanos();
  }
}
