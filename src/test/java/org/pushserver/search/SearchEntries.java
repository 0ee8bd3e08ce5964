// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.search;

import java.util.List;
import java.util.UUID;
import org.pushserver.push.AppKey;
import org.pushserver.trail.TokenHash;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailStep;

/** Entries for the tests of the search. */
final class SearchEntries {
  static final long BORN = 1_772_366_400_000L;

  private SearchEntries() {}

  static TrailEntry of(int number, AppKey app, String callId, String from) {
    return of(number, app, callId, from, TrailEnd.DELIVERED, 200, "");
  }

  static TrailEntry of(
      int number, AppKey app, String callId, String from, TrailEnd end, int code, String reason) {
    long at = BORN + number * 1000L;
    return new TrailEntry(
        new UUID(7, number),
        at,
        at + 60,
        end,
        app,
        "incoming_session",
        callId,
        from,
        "bob@example.com",
        "phone-" + number,
        "00112233...",
        TokenHash.of("token-" + number),
        "192.0.2.7 key=pbx",
        code,
        reason,
        1,
        List.of(
            TrailStep.of(TrailStep.What.ACCEPTED, at, ""),
            new TrailStep(TrailStep.What.ATTEMPT, at, 1, code, reason, 58, "com.example.voip", 3),
            TrailStep.of(TrailStep.What.ENDED, at + 60, "")),
        "");
  }
}
