// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  /** Longer than a ring waits. */
  private static final long HOLDS_MS = 180_000;

  /** So long what another server said of a ring may have been on its way, on a busy machine. */
  private static final long ON_ITS_WAY_MS = 1_000;

  /** The oldest are forgotten earlier. */
  private static final int MOST = 20_000;

  private record Cancel(String callId, long at, Predicate<Push> concerned) {}

  private final Time time;
  private final Map<String, List<Cancel>> byCallId = new HashMap<>();
  private final Deque<Cancel> oldest = new ArrayDeque<>();

  RecentCancels(Time time) {
    this.time = time;
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
      add(push.callId(), ring -> app.equals(ring.app()) && isSame(token, id, ring.device()));
    }
  }

  private static boolean isSame(String token, String id, Device device) {
    return token.equals(device.token()) || (id != null && id.equalsIgnoreCase(device.id()));
  }

  /** Notes the cancel of a call. */
  void note(CallCancel cancel) {
    add(cancel.callId(), ring -> cancel.concerns(ring.app(), ring.device()));
  }

  private synchronized void add(String callId, Predicate<Push> concerned) {
    long now = time.millis();
    Cancel cancel = new Cancel(callId, now, concerned);
    oldest.add(cancel);
    byCallId.computeIfAbsent(callId, first -> new ArrayList<>(1)).add(cancel);
    while (oldest.size() > MOST || now - oldest.element().at() > HOLDS_MS) {
      forget(oldest.remove());
    }
  }

  private void forget(Cancel cancel) {
    byCallId.computeIfPresent(
        cancel.callId(),
        (callId, cancels) -> cancels.remove(cancel) && cancels.isEmpty() ? null : cancels);
  }

  synchronized boolean isEmpty() {
    return byCallId.isEmpty();
  }

  /** Whether one of them has ended the call of a push, which is older than that. */
  boolean isOver(Push push) {
    return isOver(push, 0);
  }

  /**
   * The same of one that another server had. How old it is was told by that one, and it seems
   * younger by as long as that took: one that seems to be a little younger than the cancel is over,
   * too.
   */
  boolean isOverElsewhere(Push push) {
    return isOver(push, ON_ITS_WAY_MS);
  }

  private synchronized boolean isOver(Push push, long onItsWay) {
    if (push.event().kind() != Kind.RING || byCallId.isEmpty()) {
      return false;
    }
    long born = time.millis() - (time.now() - push.bornAt()) - onItsWay;
    return byCallId.getOrDefault(push.callId(), List.of()).stream()
        .anyMatch(cancel -> cancel.at() >= born && cancel.concerned().test(push));
  }
}
