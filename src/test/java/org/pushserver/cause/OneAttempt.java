// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cause;

import java.util.List;
import java.util.UUID;
import org.pushserver.push.Answer;
import org.pushserver.push.AppKey;
import org.pushserver.push.Response;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailStep;

/**
 * A push of which one attempt was made, as it then stands in the trail.
 *
 * @param app whose it is
 * @param event what it tells
 * @param topic of APNs; empty where there is none
 */
public record OneAttempt(AppKey app, String event, String topic) {
  /** What is said of it when the push service has answered so, and is not asked again in time. */
  public Explanation answered(Answer answer) {
    Response said = answer.response();
    if (answer instanceof Answer.Later) {
      return explained(
          TrailEnd.EXPIRED,
          504,
          "expired before the push service took it; last answer: "
              + said.code()
              + " "
              + said.reason(),
          said);
    }
    boolean dead = answer instanceof Answer.DeadToken;
    return explained(
        dead ? TrailEnd.DEAD_TOKEN : TrailEnd.REFUSED, said.code(), said.reason(), said);
  }

  private Explanation explained(TrailEnd end, int code, String reason, Response said) {
    TrailStep attempt =
        new TrailStep(TrailStep.What.ATTEMPT, 10, 1, said.code(), said.reason(), 5, topic, 1);
    TrailEntry entry =
        new TrailEntry(
            UUID.randomUUID(),
            1,
            30_000,
            end,
            app,
            event,
            "call",
            "",
            "",
            "",
            "",
            0,
            "",
            code,
            reason,
            1,
            List.of(attempt),
            "");
    return Causes.explain(entry, List.of());
  }
}
