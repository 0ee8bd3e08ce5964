// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pushserver.push.Push;
import org.pushserver.spi.Time;

/**
 * What has happened to calls lately, as far as it matters for pushes of the same call that were
 * born before it. Any thread.
 */
final class RecentCalls<T> {
  /** Longer than a ring waits. */
  private static final long HOLDS_MS = 180_000;

  /** They take at most one of so many parts of the memory; the oldest are forgotten earlier. */
  private static final int SHARE = 32;

  private record Noted<T>(String callId, long at, T what) {}

  private final Time time;
  private final int most;
  private final Map<String, List<Noted<T>>> byCallId = new HashMap<>();
  private final Deque<Noted<T>> oldest = new ArrayDeque<>();

  /** So that who only asks for it need not wait for anybody. */
  private volatile boolean isAny;

  /**
   * @param bytes about what is kept of each call
   */
  RecentCalls(Time time, int bytes) {
    this.time = time;
    this.most = MemoryShare.entries(SHARE, bytes);
  }

  /** Notes what happens to a call just now. */
  synchronized void note(String callId, T what) {
    long now = time.millis();
    Noted<T> noted = new Noted<>(callId, now, what);
    oldest.add(noted);
    byCallId.computeIfAbsent(callId, first -> new ArrayList<>(1)).add(noted);
    forgetOldest(now);
  }

  /** Forgets what is too old to matter; to be called now and then when nothing is noted. */
  void forgetOld() {
    if (isAny) {
      synchronized (this) {
        forgetOldest(time.millis());
      }
    }
  }

  private void forgetOldest(long now) {
    while (oldest.size() > most || (!oldest.isEmpty() && now - oldest.element().at() > HOLDS_MS)) {
      forget(oldest.remove());
    }
    isAny = !oldest.isEmpty();
  }

  private void forget(Noted<T> noted) {
    byCallId.computeIfPresent(
        noted.callId(), (callId, all) -> all.remove(noted) && all.isEmpty() ? null : all);
  }

  synchronized boolean isEmpty() {
    return byCallId.isEmpty();
  }

  /**
   * What has happened to the call of a push since that was born.
   *
   * @param onItsWay the push may be older than it seems by so many milliseconds
   */
  synchronized List<T> since(Push push, long onItsWay) {
    List<Noted<T>> all = byCallId.get(push.callId());
    if (all == null) {
      return List.of();
    }
    long born = time.millis() - (time.now() - push.bornAt()) - onItsWay;
    return all.stream().filter(one -> one.at() >= born).map(Noted::what).toList();
  }
}
