// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import org.pushserver.push.Response;
import org.pushserver.spi.Reason;

/**
 * The answers that we give in place of a push service, which was not asked or did not take a push.
 */
public final class OwnAnswers {
  static final String NO_BODY = "{}";

  private OwnAnswers() {}

  /** Of a ring. */
  static Response cancelled() {
    return failure(409, "cancelled before it was sent");
  }

  /** Of a cancel whose ring was not sent. */
  static Response nothingToCancel() {
    return failure(200, "nothing to cancel");
  }

  /**
   * @param asked whether the push service was ever asked
   * @param trouble why it cannot be asked now; empty when it can
   */
  static Response expired(Waiting waiting, boolean asked, String trouble) {
    Response last = waiting.last;
    return new Response(
        504,
        "expired before the push service took it; " + why(waiting, asked, trouble),
        last == null ? "" : last.url(),
        last == null ? NO_BODY : last.body());
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
