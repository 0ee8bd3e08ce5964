// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.pushserver.dispatch.CallCancel;
import org.pushserver.push.AppKey;
import org.pushserver.push.Device;
import org.pushserver.push.Kind;
import org.pushserver.push.Push;
import org.pushserver.spi.Time;

/**
 * The cancels that came to this server lately, so that a ring which it takes up from another one
 * does not ring after its call: the cancel may have come, and be gone, before the ring. Any thread.
 *
 * <p>What rings anew after a cancel was born after it, and is not concerned.
 */
final class RecentCancels {
  /** So long what another server said of a ring may have been on its way, on a busy machine. */
  static final long ON_ITS_WAY_MS = 1_000;

  /** About what one takes; 467 were measured. */
  private static final int BYTES = 500;

  private final RecentCalls<Predicate<Push>> cancels;
  private volatile LongSupplier unreadMs = () -> 0;

  RecentCancels(Time time) {
    this.cancels = new RecentCalls<>(time, BYTES);
  }

  /**
   * From now on knows of a ring that it may have lain unread, and so came before a cancel that was
   * read first.
   *
   * @param ms how long, in milliseconds, when it is read now
   */
  void mindUnread(LongSupplier ms) {
    unreadMs = ms;
  }

  static boolean isCancel(Push push) {
    return push.event().kind() == Kind.CANCEL;
  }

  /** Notes a push if it is a cancel. */
  void note(Push push) {
    if (isCancel(push) && !push.callId().isEmpty()) {
      AppKey app = push.app();
      String token = push.device().token();
      String id = push.device().id();
      cancels.note(
          push.callId(), ring -> app.equals(ring.app()) && isSame(token, id, ring.device()));
    }
  }

  private static boolean isSame(String token, String id, Device device) {
    return token.equals(device.token()) || (id != null && id.equalsIgnoreCase(device.id()));
  }

  /** Notes the cancel of a call. */
  void note(CallCancel cancel) {
    cancels.note(cancel.callId(), ring -> cancel.concerns(ring.app(), ring.device()));
  }

  boolean isEmpty() {
    return cancels.isEmpty();
  }

  /** Whether one of them has ended the call of a push, which is older than that. */
  boolean isOver(Push push) {
    return isOver(push, unreadMs.getAsLong());
  }

  /**
   * The same of one that another server had. How old it is was told by that one, and it seems
   * younger by as long as that took: one that seems to be a little younger than the cancel is over,
   * too.
   */
  boolean isOverElsewhere(Push push) {
    return isOver(push, ON_ITS_WAY_MS);
  }

  private boolean isOver(Push push, long onItsWay) {
    return push.event().kind() == Kind.RING
        && cancels.since(push, onItsWay).stream().anyMatch(concerned -> concerned.test(push));
  }
}
