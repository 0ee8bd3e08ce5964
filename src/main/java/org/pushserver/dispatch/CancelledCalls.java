// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.pushserver.spi.Time;

/** The calls that have just been cancelled. Confined to one event loop. */
final class CancelledCalls {
  /**
   * How long a cancelled call is remembered. It catches the ring that took another way through the
   * network than its cancel and was overtaken, and a ring that is sent twice; a proxy that comes
   * back to the same device within the same call, after others were tried, takes longer.
   */
  static final long REMEMBERED_MS = 5_000;

  /** So many cancels in so short a time are an attack, or a test. */
  private static final int MOST_REMEMBERED = 20_000;

  private final Time time;
  private final Map<CallKey, Long> until = new LinkedHashMap<>();

  CancelledCalls(Time time) {
    this.time = time;
  }

  void add(CallKey call) {
    Iterator<Long> oldestFirst = until.values().iterator();
    while (oldestFirst.hasNext()
        && (oldestFirst.next() <= time.now() || until.size() >= MOST_REMEMBERED)) {
      oldestFirst.remove();
    }
    // Removed first, so that the order stays that of time.
    until.remove(call);
    until.put(call, time.now() + REMEMBERED_MS);
  }

  boolean contains(CallKey call) {
    if (until.isEmpty()) {
      return false;
    }
    Long end = until.get(call);
    return end != null && time.now() < end;
  }
}
