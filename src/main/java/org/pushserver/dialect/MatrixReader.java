// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dialect;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.pushserver.api.Field;
import org.pushserver.api.RequestRefused;
import org.pushserver.push.AppKey;

/**
 * Reads notifications of Matrix homeservers: of one event, for some devices. Where a device does
 * not say its platform, the applications that there are decide, and among two of one name the looks
 * of its pushkey.
 */
final class MatrixReader implements DialectReader {
  private static final String VOIP = ".voip";
  private static final String INVITE = "m.call.invite";

  /** Bytes of Apple's tokens; they may become more one day, and Base64 of fewer means nothing. */
  private static final int SHORTEST_TOKEN = 32;

  private static final int LONGEST_TOKEN = 100;

  @Override
  public List<ForeignPush> read(ForeignRequest request) {
    JsonObject body = ForeignJson.read(request);
    if (!(body.getValue("notification") instanceof JsonObject notification)) {
      throw RequestRefused.badRequest("'notification' must be an object");
    }
    List<JsonObject> devices = ForeignJson.objects(notification, "devices");
    if (devices.isEmpty()) {
      throw RequestRefused.badRequest("There are no devices in 'notification'");
    }
    if (ForeignJson.filled(notification, "event_id") == null) {
      // Only the counts have changed: nobody is to be woken.
      return List.of();
    }
    List<ForeignPush> pushes = new ArrayList<>();
    boolean call = INVITE.equals(ForeignJson.text(notification, "type"));
    for (JsonObject device : devices) {
      // An app with tokens of both kinds has a pusher for each, and Apple takes only calls at one.
      if (call || !required(device, "app_id").endsWith(VOIP)) {
        pushes.add(push(notification, device));
      }
    }
    return pushes;
  }

  private static ForeignPush push(JsonObject notification, JsonObject device) {
    String pushkey = required(device, "pushkey");
    String appId = required(device, "app_id");
    String platform = ForeignJson.filled(ForeignJson.object(device, "data"), "platform");
    List<Map<String, String>> readings = new ArrayList<>();
    for (String one : platform == null ? platforms(pushkey) : List.of(platform)) {
      PushFields fields =
          event(notification)
              .put(Field.PLATFORM, one)
              .put(Field.APP_ID, appId)
              .put(Field.TOKEN, token(one, pushkey));
      readings.add((appId.endsWith(VOIP) ? fields : fields.remote()).texts());
    }
    return new ForeignPush(readings, device);
  }

  private static String required(JsonObject device, String name) {
    String value = ForeignJson.filled(device, name);
    if (value == null) {
      throw RequestRefused.badRequest("Each device must have '" + name + "'");
    }
    return value;
  }

  private static PushFields event(JsonObject notification) {
    String type = ForeignJson.text(notification, "type");
    JsonObject content = ForeignJson.object(notification, "content");
    PushFields fields = new PushFields();
    if (INVITE.equals(type)) {
      fields.event(PushFields.CALL).put(Field.MEDIA_TYPE, media(content));
      if (content.getValue("lifetime") instanceof Number millis && millis.longValue() > 0) {
        // The caller's app gives up then, and homeservers tell no phone of it.
        fields.life(TimeUnit.MILLISECONDS.toSeconds(millis.longValue()));
      }
    } else if ("m.call.hangup".equals(type)) {
      fields.event(PushFields.CANCEL).put(Field.REASON, ForeignJson.text(content, "reason"));
    } else {
      fields
          .event(PushFields.MESSAGE)
          .put(Field.CONTENT, ForeignJson.text(content, "body"))
          .put(Field.CONTENT_TYPE, "text/plain");
    }
    String callId = ForeignJson.filled(content, "call_id");
    boolean call = type != null && type.startsWith("m.call.") && callId != null;
    return fields
        .put(Field.CALL_ID, call ? callId : ForeignJson.text(notification, "event_id"))
        .put(Field.FROM, ForeignJson.text(notification, "sender"))
        .put(Field.FROM_DISPLAY_NAME, ForeignJson.text(notification, "sender_display_name"))
        .put(Field.TO, ForeignJson.text(notification, "room_id"))
        .put(Field.BADGE, ForeignJson.text(ForeignJson.object(notification, "counts"), "unread"));
  }

  /** What the offer of a call says of its media; it is not there when only the id was sent. */
  private static String media(JsonObject content) {
    String sdp = ForeignJson.text(ForeignJson.object(content, "offer"), "sdp");
    return sdp != null && sdp.contains("m=video") ? "video" : PushFields.AUDIO;
  }

  private static List<String> platforms(String pushkey) {
    return pushkey.equals(token(AppKey.APPLE, pushkey)) && !isHex(pushkey)
        ? List.of(AppKey.FIREBASE, AppKey.APPLE)
        : List.of(AppKey.APPLE, AppKey.FIREBASE);
  }

  /** Apps on Apple's platform hand over their token in Base64, as the bytes that they got. */
  private static String token(String platform, String pushkey) {
    if (!platform.equals(AppKey.APPLE) || isHex(pushkey)) {
      return pushkey;
    }
    try {
      byte[] token = Base64.getDecoder().decode(pushkey);
      return token.length >= SHORTEST_TOKEN && token.length <= LONGEST_TOKEN
          ? HexFormat.of().formatHex(token)
          : pushkey;
    } catch (IllegalArgumentException e) {
      return pushkey;
    }
  }

  private static boolean isHex(String text) {
    return text.chars().allMatch(HexFormat::isHexDigit);
  }
}
