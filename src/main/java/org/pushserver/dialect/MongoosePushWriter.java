// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dialect;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.pushserver.api.ApiResponse;

/** Answers as version 3 of MongoosePush: 410 is a device to be forgotten. */
final class MongoosePushWriter implements DialectWriter {
  private static final String DETAILS = "details";

  @Override
  public ApiResponse answer(List<SentPush> pushes) {
    ForeignEnd end = pushes.get(0).end();
    return switch (end.result()) {
      case TAKEN, UNDERWAY -> ApiResponse.of(200, Buffer.buffer("null"), 0);
      case DEAD -> reason(410, "unregistered", 0);
      case REFUSED -> rejected(end.status());
      case FAILED -> reason(503, end.status() == 504 ? "unable_to_connect" : "connection_lost", 1);
      case WRONG, WRONG_TOKEN, UNKNOWN_APPLICATION, FORBIDDEN ->
          refused(end.status(), end.reason(), 0);
    };
  }

  private static ApiResponse rejected(int status) {
    return switch (status) {
      case 401, 403 -> reason(503, "internal_config", 0);
      case 413 -> reason(413, "payload_too_large", 0);
      case 429 -> reason(429, "too_many_requests", 0);
      default ->
          status < 500 ? reason(400, "invalid_notification", 0) : reason(520, "unspecified", 0);
    };
  }

  @Override
  public ApiResponse refused(int status, String description, int retryAfter) {
    return switch (status) {
      case 404 -> reason(400, "no_matching_pool", retryAfter);
      case 413 -> reason(413, "payload_too_large", retryAfter);
      case 429 -> reason(429, "too_many_requests", retryAfter);
      case 503 -> reason(503, "service_internal", retryAfter);
      default -> ApiResponse.of(status, ForeignJson.of(DETAILS, description), retryAfter);
    };
  }

  private static ApiResponse reason(int status, String reason, int retryAfter) {
    return ApiResponse.of(status, ForeignJson.of("reason", reason), retryAfter);
  }
}
