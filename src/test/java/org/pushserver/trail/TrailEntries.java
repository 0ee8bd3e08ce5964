// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.util.List;
import java.util.UUID;
import org.pushserver.push.AppKey;

/** Entries for tests, each with all that one can have. */
final class TrailEntries {
  static final AppKey APP = new AppKey("com.example.phone", AppKey.APPLE);
  static final long BORN = 1_790_000_000_000L;

  private TrailEntries() {}

  /** A push that Apple took. */
  static TrailEntry delivered(int number) {
    return of(number, APP, TrailEnd.DELIVERED, "");
  }

  static TrailEntry of(int number, AppKey app, TrailEnd end, String reason) {
    long at = BORN + number * 10L;
    String topic = app.appId() + ".voip";
    return new TrailEntry(
        new UUID(1, number),
        at,
        at + 60,
        end,
        app,
        "incoming_session",
        callId(number),
        "\"Zoë\" <sip:zoe@example.com>",
        account(number),
        device(number),
        "00112233...",
        TokenHash.of("token " + number),
        "192.0.2.7 key pbx",
        200,
        reason,
        2,
        List.of(
            TrailStep.of(TrailStep.What.ACCEPTED, at, ""),
            new TrailStep(TrailStep.What.WAIT, at, 0, 0, "no connection", -1, "", 0),
            new TrailStep(TrailStep.What.ATTEMPT, at + 10, 1, 503, "Shutdown", 7, topic, 3),
            new TrailStep(TrailStep.What.ATTEMPT, at + 30, 2, 200, "", 20, topic, 4),
            TrailStep.of(TrailStep.What.ENDED, at + 60, ""),
            new TrailStep(TrailStep.What.TOLD, at + 60, 0, 200, "the caller", -1, "", 0)),
        "");
  }

  static String callId(int number) {
    return "call-" + number + "@pbx.example.com";
  }

  static String account(int number) {
    return "user" + number % 1000 + "@example.com";
  }

  static String device(int number) {
    return new UUID(0xABCDEF, number % 2000).toString();
  }
}
