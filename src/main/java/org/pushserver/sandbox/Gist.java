// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;

/**
 * What scripts want to know of a notification. Text is empty where the notification has none.
 *
 * @param token the device token, whole
 * @param app the topic at Apple; empty at Firebase, which knows projects
 * @param event of the push; {@code incoming_session} for a call that names none
 * @param callId the call-id
 */
record Gist(String token, String app, String event, String callId) {
  static Gist of(Notification notification) {
    JsonObject body =
        Payloads.object(Buffer.buffer(notification.body())).orElseGet(JsonObject::new);
    JsonObject message = Payloads.object(body, "message");
    JsonObject data = Payloads.object(message.isEmpty() ? body : message, "data");
    boolean apple = notification.service() == Service.APNS;
    String event = first("event", data, body);
    boolean call =
        Stream.of("from-uri", "sip-from").anyMatch(name -> !first(name, data, body).isEmpty());
    return new Gist(
        apple
            ? ApnsRules.deviceToken(notification.path())
            : Stream.of(first("token", message), first("to", body))
                .filter(one -> !one.isEmpty())
                .findFirst()
                .orElse(""),
        notification.headers().getOrDefault("apns-topic", ""),
        event.isEmpty() && call ? "incoming_session" : event,
        Stream.of(first("call-id", data, body), first("message_id", data, body))
            .filter(one -> !one.isEmpty())
            .findFirst()
            .orElse(""));
  }

  private static String first(String name, JsonObject... objects) {
    return Stream.of(objects)
        .map(one -> one.getValue(name))
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .findFirst()
        .orElse("");
  }
}
