// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.golden;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;
import org.pushserver.linphone.LinphoneApplication;
import org.pushserver.push.AppKey;
import org.pushserver.push.Details;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.SamplePush;
import org.pushserver.sylk.SylkApplication;

/**
 * One notification of a recorded case, and the push that asks for it.
 *
 * @param id the case's
 * @param index which of the case's notifications
 * @param headers those that the notification adds: {@code apns-*}; to be changed by {@link
 *     GoldenDifference}
 * @param body to be changed by {@link GoldenDifference}
 */
record GoldenNotification(
    String id, int index, ApplicationType type, Push push, ObjectNode headers, ObjectNode body) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter SEND_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  String platform() {
    return push.app().platform();
  }

  static GoldenNotification read(JsonNode recordedCase, JsonNode sent, int index)
      throws JsonProcessingException {
    JsonNode app = recordedCase.get("app");
    ApplicationType type =
        switch (app.get("app_type").textValue()) {
          case "sylk" -> new SylkApplication();
          case "linphone" -> new LinphoneApplication();
          default -> throw new IllegalArgumentException(app.toString());
        };
    ObjectNode headers = JSON.createObjectNode();
    sent.get("headers")
        .properties()
        .forEach(
            header -> {
              if (header.getKey().startsWith("apns-")) {
                headers.set(header.getKey(), header.getValue());
              }
            });
    ObjectNode body = sent.get("body").deepCopy();
    JsonNode request = JSON.readTree(recordedCase.get("request").get("body").textValue());
    return new GoldenNotification(
        recordedCase.get("id").textValue(),
        index,
        type,
        push(app, type, request, bornAt(body)),
        headers,
        body);
  }

  private static Push push(JsonNode app, ApplicationType type, JsonNode request, long bornAt) {
    String name = text(request, "event");
    Event event =
        (name == null || name.isEmpty() ? type.defaultEvent() : type.event(name)).orElseThrow();
    return new Push(
        new UUID(1, 2),
        new AppKey(app.get("app_id").textValue(), app.get("app_platform").textValue()),
        new Device(text(request, "token"), null),
        event,
        text(request, "call-id"),
        details(request),
        bornAt,
        bornAt + Delivery.DEFAULT.deadline(event.kind()).toMillis());
  }

  private static Details details(JsonNode request) {
    return new Details(
        text(request, "from"),
        text(request, "from-display-name"),
        text(request, "to"),
        text(request, "media-type"),
        request.path("silent").asBoolean(true),
        text(request, "reason"),
        request.path("badge").asInt(1),
        text(request, "account"),
        text(request, "filename"),
        text(request, "filetype"),
        text(request, "content"),
        text(request, "content-type"));
  }

  private static String text(JsonNode request, String name) {
    JsonNode value = request.path(name);
    return value.isMissingNode() || value.isNull() ? null : value.asText();
  }

  /** The recorded send-time where there is one, so that ours comes out the same. */
  private static long bornAt(JsonNode body) {
    JsonNode sendTime = body.findValue("send-time");
    return sendTime == null
        ? SamplePush.BORN
        : LocalDateTime.parse(sendTime.textValue(), SEND_TIME)
            .atZone(ZoneId.systemDefault())
            .toInstant()
            .toEpochMilli();
  }
}
