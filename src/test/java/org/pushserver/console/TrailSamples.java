// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import java.util.List;
import java.util.UUID;
import org.pushserver.push.AppKey;
import org.pushserver.trail.Accounts;
import org.pushserver.trail.TokenHash;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailStep;
import org.pushserver.trail.TrailStep.What;

/** Entries of a trail as they are when calls come in, each with its steps. */
public final class TrailSamples {
  /** 2026-11-30T10:15:00Z, when the first of them came. */
  public static final long BEGIN = 1_796_033_700_000L;

  private TrailSamples() {}

  /** A ring that the push service took at its second attempt. */
  public static TrailEntry delivered(AppKey app, String callId, String device, long at) {
    return entry(
        app,
        callId,
        device,
        "sip:alice@example.com",
        at,
        TrailEnd.DELIVERED,
        200,
        "",
        List.of(
            TrailStep.of(What.ACCEPTED, at, ""),
            new TrailStep(What.ATTEMPT, at + 2, 1, 503, "ServiceUnavailable", 31, "", 1),
            new TrailStep(What.WAIT, at + 33, 0, 0, "the push service asks to wait", 500, "", 0),
            new TrailStep(What.ATTEMPT, at + 533, 2, 200, "", 43, "com.example.phone.voip", 1),
            TrailStep.of(What.ENDED, at + 576, ""),
            new TrailStep(What.TOLD, at + 577, 0, 200, "the caller", -1, "", 0)));
  }

  /** A ring to a phone whose app is gone. */
  public static TrailEntry dead(AppKey app, String callId, String device, long at) {
    return entry(
        app,
        callId,
        device,
        "sip:alice@example.com",
        at,
        TrailEnd.DEAD_TOKEN,
        410,
        "Unregistered",
        List.of(
            TrailStep.of(What.ACCEPTED, at, ""),
            new TrailStep(What.ATTEMPT, at + 1, 1, 410, "Unregistered", 20, "", 1),
            TrailStep.of(What.ENDED, at + 21, "Unregistered")));
  }

  /** One that still waits. */
  public static TrailEntry waiting(AppKey app, String callId, String device, long at) {
    return entry(
        app,
        callId,
        device,
        "sip:alice@example.com",
        at,
        null,
        0,
        "",
        List.of(
            TrailStep.of(What.ACCEPTED, at, ""), TrailStep.of(What.WAIT, at + 1, "no connection")));
  }

  /**
   * A request that was refused at the door.
   *
   * @param app null when it named none
   */
  public static TrailEntry refused(AppKey app, String address, String reason, long at) {
    return new TrailEntry(
        UUID.randomUUID(),
        at,
        at,
        TrailEnd.NOT_LET_IN,
        app,
        "",
        "",
        "",
        "",
        "",
        "",
        0,
        address,
        401,
        reason,
        0,
        List.of(),
        "");
  }

  /** One whose texts are what a test says. */
  public static TrailEntry entry(
      AppKey app,
      String callId,
      String device,
      String from,
      long at,
      TrailEnd end,
      int code,
      String reason,
      List<TrailStep> steps) {
    String token = "6688ff9c1e2d3b4a-" + device;
    return new TrailEntry(
        UUID.randomUUID(),
        at,
        end == null ? 0 : at + 577,
        end,
        app,
        "incoming_session",
        callId,
        from,
        Accounts.of("sip:bob@example.com"),
        device,
        token.substring(0, 8) + "…",
        TokenHash.of(token),
        "127.0.0.1 key=sender",
        code,
        reason,
        (int) steps.stream().filter(step -> step.what() == What.ATTEMPT).count(),
        steps,
        "");
  }
}
