// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.pushserver.push.Push;

/**
 * The cancels that came before any ring of their call, for as long as its rings may still come. Not
 * for several threads at once.
 */
final class OvertakingCancels {
  /** Of a cancel without its texts. */
  private static final int CANCEL = 400;

  /**
   * @param until when it has been forgotten, in milliseconds
   */
  private record Overtaking(CallCancel cancel, long until, int bytes) {}

  private final long mostBytes;
  private final long holdsMs;

  /** By call-id, the oldest first. */
  private final Map<String, Overtaking> cancels = new LinkedHashMap<>();

  private long bytes;

  /**
   * @param mostBytes what they may take, by estimate: the oldest are forgotten earlier
   * @param holdsMs for how long each of them holds, in milliseconds
   */
  OvertakingCancels(long mostBytes, long holdsMs) {
    this.mostBytes = mostBytes;
    this.holdsMs = holdsMs;
  }

  /** What they take, by estimate. */
  long bytes() {
    return bytes;
  }

  /**
   * Adds one.
   *
   * @param now in milliseconds
   */
  void add(CallCancel cancel, long now) {
    Overtaking one =
        new Overtaking(cancel, now + holdsMs, CANCEL + cancel.callId().length() + cancel.length());
    Overtaking before = cancels.remove(cancel.callId());
    bytes += one.bytes - (before == null ? 0 : before.bytes);
    cancels.put(cancel.callId(), one);
    forget(now);
  }

  private void forget(long now) {
    Iterator<Overtaking> oldest = cancels.values().iterator();
    while (oldest.hasNext()) {
      Overtaking one = oldest.next();
      if (now < one.until && bytes <= mostBytes) {
        return;
      }
      bytes -= one.bytes;
      oldest.remove();
    }
  }

  /**
   * Whether one of them has overtaken a ring.
   *
   * @param now in milliseconds
   */
  boolean isOver(Push ring, long now) {
    if (cancels.isEmpty()) {
      return false;
    }
    forget(now);
    Overtaking one = cancels.get(ring.callId());
    return one != null && one.cancel.concerns(ring.app(), ring.device());
  }
}
