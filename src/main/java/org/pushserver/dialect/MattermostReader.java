// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dialect;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.pushserver.api.Field;
import org.pushserver.api.Printable;
import org.pushserver.api.RequestRefused;
import org.pushserver.push.AppKey;

/** Reads what Mattermost asks of its push proxy. */
final class MattermostReader implements DialectReader {
  private final String application;

  /**
   * @param application of all notifications, which never name theirs; null for none
   */
  MattermostReader(String application) {
    this.application = application;
  }

  @Override
  public List<ForeignPush> read(ForeignRequest request) {
    JsonObject body = ForeignJson.read(request);
    var unused = required(body, "server_id");
    String token = required(body, "device_id");
    String platform = platform(required(body, "platform"));
    String type = required(body, "type");
    String event = event(type, body);
    if (event == null) {
      return List.of();
    }
    if (application == null) {
      throw RequestRefused.badRequest("mattermost_app is not set in general.ini");
    }
    PushFields fields =
        new PushFields()
            .put(Field.PLATFORM, platform)
            .put(Field.APP_ID, application)
            .put(Field.TOKEN, token)
            .event(event)
            .put(Field.CALL_ID, ForeignJson.first(body, "post_id", body, "ack_id"))
            .put(Field.FROM, ForeignJson.first(body, "sender_id", body, "sender_name"))
            .put(
                Field.FROM_DISPLAY_NAME,
                ForeignJson.first(body, "sender_name", body, "channel_name"))
            .put(Field.TO, ForeignJson.text(body, "channel_id"))
            .put(Field.BADGE, badge(body));
    if (!isVoip(body)) {
      fields.remote();
    }
    if (event.equals(PushFields.MESSAGE)) {
      String message = ForeignJson.filled(body, "message");
      fields
          .put(Field.CONTENT, message)
          .put(Field.CONTENT_TYPE, message == null ? null : "text/plain");
    }
    return List.of(ForeignPush.of(fields));
  }

  /**
   * What is to be told.
   *
   * @return null for nothing: what is on the screen of a phone cannot be taken back here
   */
  private static String event(String type, JsonObject body) {
    return switch (type) {
      case "message" -> isCall(body) ? PushFields.CALL : PushFields.MESSAGE;
      case "session" -> PushFields.MESSAGE;
      // Mattermost wants to know whether pushes reach the phone, and nothing is to be seen.
      case "test" -> PushFields.WAKE;
      default -> null;
    };
  }

  private static boolean isVoip(JsonObject body) {
    return "voip".equals(ForeignJson.text(body, "transport"));
  }

  private static boolean isCall(JsonObject body) {
    return isVoip(body) || "calls".equals(ForeignJson.text(body, "sub_type"));
  }

  /** -1 is "leave it as it is", which a notification of ours cannot say. */
  private static String badge(JsonObject body) {
    String badge = ForeignJson.text(body, "badge");
    return badge == null || badge.startsWith("-") ? null : badge;
  }

  private static String required(JsonObject body, String name) {
    String value = ForeignJson.filled(body, name);
    if (value == null) {
      throw RequestRefused.badRequest("Failed because of missing '" + name + "'");
    }
    return value;
  }

  /** The family of the app and its version may stand behind it. */
  private static String platform(String name) {
    if (name.startsWith("apple")) {
      return AppKey.APPLE;
    }
    if (name.startsWith("android")) {
      return AppKey.FIREBASE;
    }
    throw RequestRefused.badRequest(
        "'platform' must begin with apple or android, not " + Printable.quote(name));
  }
}
