// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dialect;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import org.pushserver.api.ApiResponse;
import org.pushserver.api.Field;

/** Answers as a gorush with {@code core.sync}: 200 with a log of the pushes that failed. */
final class GorushWriter implements DialectWriter {
  @Override
  public ApiResponse answer(List<SentPush> pushes) {
    JsonArray logs = new JsonArray();
    for (SentPush push : pushes) {
      if (!push.end().isGood()) {
        logs.add(failed(push));
      }
    }
    return ApiResponse.of(
        200,
        new JsonObject()
            .put("success", "ok")
            .put("counts", pushes.size())
            .put("logs", logs)
            .toBuffer(),
        0);
  }

  private static JsonObject failed(SentPush sent) {
    JsonObject notification = sent.push().origin();
    String token = sent.push().readings().get(0).get(Field.TOKEN.wireName());
    return new JsonObject()
        .put("notif_id", text(notification, "notif_id"))
        .put("type", "failed-push")
        .put("platform", platform(notification))
        .put("token", ForeignJson.whole(token))
        .put("message", text(notification, "message"))
        .put("error", error(sent.end()));
  }

  private static String text(JsonObject notification, String name) {
    return ForeignJson.whole(Objects.requireNonNullElse(ForeignJson.text(notification, name), ""));
  }

  private static String platform(JsonObject notification) {
    return switch (ForeignJson.text(notification, "platform")) {
      case "1" -> "ios";
      case "2" -> "android";
      default -> "huawei";
    };
  }

  /** Senders look for the first word, which is Apple's. */
  private static String error(ForeignEnd end) {
    if (end.result() == ForeignEnd.Result.DEAD) {
      return "Unregistered";
    }
    return ForeignJson.whole(end.reason().isEmpty() ? "status " + end.status() : end.reason());
  }

  @Override
  public ApiResponse refused(int status, String description, int retryAfter) {
    return ApiResponse.of(
        status,
        new JsonObject()
            .put("code", status)
            .put("message", ForeignJson.whole(description))
            .toBuffer(),
        retryAfter);
  }
}
