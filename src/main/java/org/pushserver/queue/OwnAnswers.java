// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import org.pushserver.push.Response;
import org.pushserver.queue.Waiting.Stage;
import org.pushserver.spi.Reason;

/**
 * The answers that we give in place of a push service, which was not asked or did not take a push.
 */
public final class OwnAnswers {
  static final String NO_BODY = "{}";

  /** Of one that another server goes on with: whoever waits is to ask there. */
  public static final Response TAKEN_OVER = failure(503, "another server goes on with it");

  private static final String CANNOT_BE_TOLD =
      "the ring has been sent, and applications of this type cannot be told to stop";

  private OwnAnswers() {}

  /** Of a ring. */
  static Response cancelled() {
    return failure(409, "cancelled before it was sent");
  }

  /** Of what is not sent because a ring and its cancel have met. */
  static Response unsent(Waiting waiting) {
    if (waiting.isRing()) {
      return cancelled();
    }
    return failure(200, waiting.isMute && waiting.needed ? CANNOT_BE_TOLD : "nothing to cancel");
  }

  /**
   * Whether this is how a cancel ended that withdrew nothing, and of which the phone knows nothing.
   */
  public static boolean isUntold(Response response) {
    return response.reason().equals(CANNOT_BE_TOLD);
  }

  /**
   * @param trouble why the push service cannot be asked now; empty when it can
   */
  static Response expired(Waiting waiting, String trouble) {
    // What holds a cancel is a ring that is not answered.
    boolean asked = waiting.attempts > 0 || waiting.stage == Stage.HELD;
    Response last = waiting.last;
    return new Response(
        504,
        "expired before the push service took it; " + why(waiting, asked, trouble),
        last == null ? "" : last.url(),
        last == null ? NO_BODY : last.body());
  }

  /** Of one that its store did not take. */
  static Response notKept() {
    return failure(503, "the push could not be kept");
  }

  static Response unbuilt(RuntimeException cause) {
    return failure(500, "the notification could not be built: " + Reason.of(cause));
  }

  private static String why(Waiting waiting, boolean asked, String trouble) {
    if (waiting.last != null) {
      return "last answer: " + waiting.last.code() + " " + waiting.last.reason();
    }
    if (!asked && !trouble.isEmpty()) {
      return trouble;
    }
    if (waiting.trouble != null) {
      return waiting.trouble;
    }
    return asked ? "it never answered" : "its turn did not come in time";
  }

  /**
   * What is said for a reason of our own.
   *
   * @param code an HTTP status
   * @param reason for the caller
   */
  public static Response failure(int code, String reason) {
    return new Response(code, reason, "", NO_BODY);
  }
}
