// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dialect;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.pushserver.api.ApiResponse;

/** Answers as FlexiAPI does: nothing is success, 422 a wrong request, 503 a push not sent. */
final class FlexiApiWriter implements DialectWriter {
  private static final String NOT_SENT = "Push notification not sent";

  @Override
  public ApiResponse answer(List<SentPush> pushes) {
    ForeignEnd end = pushes.get(0).end();
    if (end.isGood()) {
      return ApiResponse.of(200, Buffer.buffer(), 0);
    }
    String reason = end.reason().isEmpty() ? "" : ": " + end.reason();
    return told(503, NOT_SENT + reason, 0);
  }

  @Override
  public ApiResponse refused(int status, String description, int retryAfter) {
    return told(status == 400 ? 422 : status, description, retryAfter);
  }

  private static ApiResponse told(int status, String message, int retryAfter) {
    return ApiResponse.of(status, ForeignJson.of("message", message), retryAfter);
  }
}
