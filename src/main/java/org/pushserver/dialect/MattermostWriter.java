// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dialect;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.pushserver.api.ApiResponse;

/**
 * Answers Mattermost, which reads the body and not the status: 200 whatever became of a push. What
 * is refused before it is read keeps its status, for all who stand in between.
 */
final class MattermostWriter implements DialectWriter {
  private static final JsonObject OK = new JsonObject().put("status", "OK");

  /** What was asked for is done. */
  static ApiResponse done() {
    return ApiResponse.of(200, OK.toBuffer(), 0);
  }

  @Override
  public ApiResponse answer(List<SentPush> pushes) {
    if (pushes.isEmpty() || pushes.get(0).end().isGood()) {
      return done();
    }
    ForeignEnd end = pushes.get(0).end();
    return end.result() == ForeignEnd.Result.DEAD
        ? ApiResponse.of(200, ForeignJson.of("status", "REMOVE"), 0)
        : failed(200, end.reason().isEmpty() ? "status " + end.status() : end.reason(), 0);
  }

  @Override
  public ApiResponse refused(int status, String description, int retryAfter) {
    boolean read = status == 400 || status == 404;
    return failed(read ? 200 : status, description, retryAfter);
  }

  private static ApiResponse failed(int status, String error, int retryAfter) {
    return ApiResponse.of(
        status,
        new JsonObject().put("status", "FAIL").put("error", ForeignJson.whole(error)).toBuffer(),
        retryAfter);
  }
}
