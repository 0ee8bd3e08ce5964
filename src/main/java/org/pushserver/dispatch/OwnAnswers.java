// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import org.pushserver.push.Response;
import org.pushserver.spi.Reason;

/** What we say of a push in place of its push service, which was not asked or did not take it. */
final class OwnAnswers {
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
   * @param last what the service said when it was asked last; null when it never answered
   * @param asked whether it was ever asked
   */
  static Response expired(Response last, boolean asked) {
    String why;
    if (last != null) {
      why = "last answer: " + last.code() + " " + last.reason();
    } else {
      why = asked ? "it never answered" : "the push service could not be reached";
    }
    return new Response(
        504,
        "expired before the push service took it; " + why,
        last == null ? "" : last.url(),
        last == null ? NO_BODY : last.body());
  }

  static Response unbuilt(RuntimeException cause) {
    return failure(500, "the notification could not be built: " + Reason.of(cause));
  }

  static Response failure(int code, String reason) {
    return new Response(code, reason, "", NO_BODY);
  }
}
