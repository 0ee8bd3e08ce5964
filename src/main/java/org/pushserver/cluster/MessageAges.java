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

  /** A question that is asked once more is at most so much younger than the first one. */
  private static final Duration AGAIN = Duration.ofMillis(AskedAgain.AGAIN_MS);

  /**
   * @param offset how far the clock of this server is before the other one
   * @param answered when it answered, by the clock of this server
   */
  private record Learnt(long offset, long answered) {}

  private final Map<String, Learnt> servers = new ConcurrentHashMap<>();

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
      if (servers.size() >= MOST) {
        servers.clear();
      }
      servers.put(id, new Learnt(asked - clock, answered));
    }
  }

  /**
   * When a server is told that it is asked. Not later than it was last heard, up to a second: from
   * then on the time runs after which somebody else is asked, also for a question that is asked
   * once more.
   *
   * @param id of the one that is asked
   * @param now by the clock of this server, as what is returned
   */
  long asked(String id, long now) {
    Learnt learnt = servers.get(id);
    return learnt == null ? now : Math.max(now - AGAIN.toNanos(), learnt.answered());
  }

  /**
   * Whether a question is too old to be answered; never of one whose clock is not known yet.
   *
   * @param id whose it is
   * @param clock what the clock there said when it was asked
   * @param now by the clock of this server
   */
  boolean isTooOld(String id, long clock, long now) {
    Learnt learnt = servers.get(id);
    return learnt != null && now - clock - learnt.offset() > OLDEST.toNanos();
  }
}
