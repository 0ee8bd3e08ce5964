// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dialect;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.pushserver.api.ApiResponse;

/**
 * Answers Matrix homeservers. They forget the pushkeys that are rejected, so only those are that
 * will never be of use again; and they try again for a day after anything but 200.
 */
final class MatrixWriter implements DialectWriter {
  private static final int RETRY_AFTER_S = 1;

  @Override
  public ApiResponse answer(List<SentPush> pushes) {
    JsonArray rejected = new JsonArray();
    for (SentPush push : pushes) {
      ForeignEnd end = push.end();
      switch (end.result()) {
        case FAILED -> {
          return refused(502, end.reason(), RETRY_AFTER_S);
        }
        case FORBIDDEN -> {
          return refused(403, end.reason(), 0);
        }
        case DEAD, WRONG_TOKEN, UNKNOWN_APPLICATION ->
            rejected.add(ForeignJson.whole(ForeignJson.text(push.push().origin(), "pushkey")));
        // To try again would not help, and the next notification may be another matter.
        case WRONG, REFUSED, TAKEN, UNDERWAY -> {}
      }
    }
    return ApiResponse.of(200, new JsonObject().put("rejected", rejected).toBuffer(), 0);
  }

  @Override
  public ApiResponse refused(int status, String description, int retryAfter) {
    return ApiResponse.of(
        status,
        new JsonObject()
            .put("errcode", code(status))
            .put("error", ForeignJson.whole(description))
            .toBuffer(),
        retryAfter);
  }

  private static String code(int status) {
    return switch (status) {
      case 400 -> "M_BAD_JSON";
      case 401 -> "M_UNAUTHORIZED";
      case 403 -> "M_FORBIDDEN";
      case 413 -> "M_TOO_LARGE";
      case 429 -> "M_LIMIT_EXCEEDED";
      default -> "M_UNKNOWN";
    };
  }
}
