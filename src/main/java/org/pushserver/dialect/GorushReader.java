// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dialect;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.pushserver.api.Field;
import org.pushserver.api.RequestRefused;
import org.pushserver.push.AppKey;
import org.pushserver.spi.Time;

/** Reads what is asked of gorush: some notifications, each for some tokens. */
final class GorushReader implements DialectReader {
  /** As many as gorush takes for one notification; here for all of a request. */
  static final int MOST_TOKENS = 500;

  private static final String VOIP = ".voip";

  private final String application;
  private final Time time;

  /**
   * @param application of notifications that do not name theirs; null for none
   * @param time by whose clock they run out
   */
  GorushReader(String application, Time time) {
    this.application = application;
    this.time = time;
  }

  @Override
  public List<ForeignPush> read(ForeignRequest request) {
    JsonObject body = ForeignJson.read(request);
    if (!(body.getValue("notifications") instanceof JsonArray)) {
      throw RequestRefused.badRequest("Missing notifications field.");
    }
    List<JsonObject> notifications = ForeignJson.objects(body, "notifications");
    if (notifications.isEmpty()) {
      throw RequestRefused.badRequest("Notifications field is empty.");
    }
    List<ForeignPush> pushes = new ArrayList<>();
    for (JsonObject notification : notifications) {
      for (String token : tokens(notification)) {
        if (pushes.size() == MOST_TOKENS) {
          throw RequestRefused.badRequest(
              "tokens must not contain more than " + MOST_TOKENS + " elements");
        }
        pushes.add(push(notification, token));
      }
    }
    return pushes;
  }

  private static List<String> tokens(JsonObject notification) {
    List<String> tokens = ForeignJson.texts(notification, "tokens");
    String to = ForeignJson.filled(notification, "to");
    if (to != null) {
      tokens.add(to);
    }
    if (tokens.isEmpty() || tokens.contains("")) {
      throw RequestRefused.badRequest(
          "tokens must not be nil or empty; topics and conditions are not supported");
    }
    return tokens;
  }

  private ForeignPush push(JsonObject notification, String token) {
    String platform = platform(notification);
    String topic = ForeignJson.filled(notification, "topic");
    boolean apple = platform.equals(AppKey.APPLE);
    JsonObject data = ForeignJson.object(notification, "data");
    // What is shown may stand in an object of Apple's or Google's shape.
    JsonObject shown = ForeignJson.object(notification, apple ? "alert" : "notification");
    String title = ForeignJson.first(notification, "title", shown, "title");
    String message = ForeignJson.first(notification, "message", shown, "body");
    PushFields fields =
        new PushFields()
            .put(Field.PLATFORM, apple && isSandbox(notification) ? PushFields.SANDBOX : platform)
            // Elsewhere a topic is what devices subscribe to.
            .put(Field.APP_ID, apple && topic != null ? withoutService(topic) : application)
            .put(Field.TOKEN, token)
            .put(Field.CALL_ID, ForeignJson.text(notification, "notif_id"))
            .put(Field.BADGE, ForeignJson.text(notification, "badge"));
    if (notification.getValue("expiration") instanceof Number end && end.longValue() > 0) {
      // A second since the epoch; 0 is as if there were none.
      fields.life(end.longValue() - TimeUnit.MILLISECONDS.toSeconds(time.now()));
    }
    boolean voip =
        "voip".equals(ForeignJson.text(notification, "push_type"))
            || (topic != null && topic.endsWith(VOIP));
    boolean call = voip || data.containsKey("call-id") || data.containsKey("call_id");
    fields.event(call ? PushFields.CALL : PushFields.MESSAGE);
    if (call) {
      fields.put(Field.FROM_DISPLAY_NAME, message == null ? title : message);
    } else {
      fields
          .put(Field.FROM_DISPLAY_NAME, title)
          .put(Field.CONTENT, message)
          .put(Field.CONTENT_TYPE, message == null ? null : "text/plain");
    }
    return ForeignPush.of((voip ? fields : fields.remote()).data(data), notification);
  }

  private static boolean isSandbox(JsonObject notification) {
    return Boolean.TRUE.equals(notification.getValue("development"));
  }

  private static String platform(JsonObject notification) {
    String number = ForeignJson.text(notification, "platform");
    return switch (number == null ? "" : number) {
      case "1" -> AppKey.APPLE;
      case "2" -> AppKey.FIREBASE;
      case "3" -> "huawei";
      default ->
          throw RequestRefused.badRequest(
              "platform must be 1 for iOS, 2 for Android or 3 for Huawei");
    };
  }

  private static String withoutService(String topic) {
    return topic.endsWith(VOIP) ? topic.substring(0, topic.length() - VOIP.length()) : topic;
  }
}
