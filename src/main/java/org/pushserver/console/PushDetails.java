// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import java.util.HexFormat;
import java.util.Map;
import org.pushserver.cause.Explanation;
import org.pushserver.trail.TrailEntry;

/**
 * All that is known of one push, but its way. Immutable.
 *
 * @param number of the push within its call, from 1
 * @param row what a table has of it
 * @param sentence why it ended so
 * @param next what to do
 * @param anchor of the heading in troubleshooting.md that says more
 */
record PushDetails(
    int number,
    PushRow row,
    String sentence,
    String next,
    String anchor,
    String platform,
    String token,
    String tokenHash,
    Excerpt sender,
    Excerpt reason,
    int attempts,
    Moment endedAt,
    boolean isEnded,
    String deviceHref,
    String accountHref) {
  /**
   * Of one entry.
   *
   * @param cause why it ended as it did
   */
  static PushDetails of(TrailEntry entry, int number, Explanation cause) {
    return new PushDetails(
        number,
        PushRow.of(entry),
        Excerpt.line(cause.sentence()),
        Excerpt.line(cause.next()),
        cause.anchor(),
        entry.app() == null ? "" : Excerpt.of(entry.app().platform()).text(),
        Excerpt.of(entry.token()).text(),
        entry.tokenHash() == 0 ? "" : HexFormat.of().toHexDigits(entry.tokenHash()),
        Excerpt.of(entry.sender()),
        Excerpt.of(entry.reason(), 400),
        entry.attempts(),
        Moment.of(entry.endedAt()),
        entry.endedAt() != 0,
        search(SearchForm.DEVICE, entry.device()),
        search(SearchForm.ACCOUNT, entry.account()));
  }

  private static String search(String name, String value) {
    return value.isEmpty() ? "" : SearchForm.address(Console.PATH, Map.of(name, value));
  }
}
