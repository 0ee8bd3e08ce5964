// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dialect;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import org.pushserver.api.Field;
import org.pushserver.api.Printable;
import org.pushserver.api.RequestRefused;
import org.pushserver.push.AppKey;

/** Reads version 3 of what is asked of MongoosePush: a notification for the device in the path. */
final class MongoosePushReader implements DialectReader {
  private static final String VOIP = ".voip";

  private static final Set<String> NAMES =
      Set.of(
          "service",
          "mode",
          "priority",
          "topic",
          "time_to_live",
          "mutable_content",
          "tags",
          "alert",
          "data");

  private static final Set<String> ALERT =
      Set.of("body", "title", "badge", "sound", "click_action", "tag");

  private final String application;

  /**
   * @param application of notifications without a topic; null for none
   */
  MongoosePushReader(String application) {
    this.application = application;
  }

  @Override
  public List<ForeignPush> read(ForeignRequest request) {
    JsonObject body = ForeignJson.read(request);
    requireKnown(body, NAMES);
    JsonObject alert = ForeignJson.object(body, "alert");
    requireKnown(alert, ALERT);
    JsonObject data = ForeignJson.object(body, "data");
    if (!body.containsKey("alert") && !body.containsKey("data")) {
      throw RequestRefused.badRequest("There must be 'alert' or 'data'");
    }
    String topic = ForeignJson.filled(body, "topic");
    PushFields fields =
        new PushFields()
            .put(Field.PLATFORM, platform(body))
            .put(Field.APP_ID, topic == null ? application : withoutService(topic))
            .put(Field.TOKEN, request.path("device_id"))
            .put(Field.BADGE, ForeignJson.first(alert, "badge", data, "message-count"))
            .put(Field.TTL, ForeignJson.filled(body, "time_to_live"));
    boolean voip =
        (topic != null && topic.endsWith(VOIP)) || ForeignJson.texts(body, "tags").contains("voip");
    boolean call = voip || data.containsKey("call-id") || data.containsKey("call_id");
    fields.event(call ? PushFields.CALL : PushFields.MESSAGE);
    if (call) {
      fields.put(Field.FROM_DISPLAY_NAME, ForeignJson.first(alert, "body", alert, "title"));
    } else {
      message(fields, alert, data);
    }
    return List.of(ForeignPush.of((voip ? fields : fields.remote()).data(data)));
  }

  /** MongooseIM has the sender's address as the title; without an alert both are in the data. */
  private static void message(PushFields fields, JsonObject alert, JsonObject data) {
    String sender = ForeignJson.first(alert, "title", data, "last-message-sender");
    String content = ForeignJson.first(alert, "body", data, "last-message-body");
    fields
        .put(Field.FROM, sender)
        .put(Field.FROM_DISPLAY_NAME, sender)
        .put(Field.CONTENT, content)
        .put(Field.CONTENT_TYPE, content == null ? null : "text/plain");
  }

  private static void requireKnown(JsonObject object, Set<String> names) {
    for (String name : object.fieldNames()) {
      if (!names.contains(name)) {
        throw RequestRefused.badRequest("Unexpected field: " + Printable.quote(name));
      }
    }
  }

  private static String platform(JsonObject body) {
    String service = ForeignJson.text(body, "service");
    return switch (service == null ? "" : service) {
      case "apns" ->
          "dev".equals(ForeignJson.text(body, "mode")) ? PushFields.SANDBOX : AppKey.APPLE;
      case "fcm" -> AppKey.FIREBASE;
      default -> throw RequestRefused.badRequest("'service' must be apns or fcm");
    };
  }

  private static String withoutService(String topic) {
    return topic.endsWith(VOIP) ? topic.substring(0, topic.length() - VOIP.length()) : topic;
  }
}
