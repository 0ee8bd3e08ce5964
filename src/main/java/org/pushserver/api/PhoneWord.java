// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import java.util.ArrayList;
import java.util.List;

/**
 * What a phone did with a push, by our clock: times that cannot be are taken for the time at which
 * they were told, because phones' clocks are not ours. Immutable. Times are milliseconds since the
 * epoch.
 *
 * @param wokenAt {@link Ack#NOT} when it is not said, or was known
 * @param displayedAt the same
 * @param corrections what was not taken as it came, each in a sentence
 */
record PhoneWord(KnownPush push, long wokenAt, long displayedAt, List<String> corrections) {
  PhoneWord {
    corrections = List.copyOf(corrections);
  }

  /**
   * What somebody says of a push.
   *
   * @param woken whether that it woke up is news
   * @param displayed whether that it showed the push is news
   * @param now when it was told
   */
  static PhoneWord of(Ack ack, KnownPush push, boolean woken, boolean displayed, long now) {
    List<String> corrections = new ArrayList<>(0);
    long wokenAt = woken ? time("woken-at", ack.wokenAt(), push, now, corrections) : Ack.NOT;
    long displayedAt =
        displayed ? time("displayed-at", ack.displayedAt(), push, now, corrections) : Ack.NOT;
    return new PhoneWord(push, wokenAt, displayedAt, corrections);
  }

  private static long time(
      String name, long said, KnownPush push, long now, List<String> corrections) {
    if (said == Ack.NOW) {
      return now;
    }
    if (said < push.acceptedAt()) {
      corrections.add(correction(name, push.acceptedAt() - said, "before the push was accepted"));
      return now;
    }
    if (said > now) {
      corrections.add(correction(name, said - now, "in the future"));
      return now;
    }
    return said;
  }

  private static String correction(String name, long byMs, String where) {
    return "%s is %s ms %s: taken as now; the clock of who says it is not ours"
        .formatted(name, byMs, where);
  }

  /** Whether nothing of it is news. */
  boolean isKnown() {
    return wokenAt == Ack.NOT && displayedAt == Ack.NOT;
  }

  /** How long the phone took from when the push was accepted, in milliseconds; never negative. */
  long tookMs(long at) {
    return Math.max(0, at - push.acceptedAt());
  }
}
