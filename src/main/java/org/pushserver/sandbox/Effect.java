// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;

/**
 * What a notification does on the phone, in words, as far as the payload says it. For people: its
 * wording may change.
 */
final class Effect {
  private static final int LONGEST = 200;

  private final JsonObject body;
  private final JsonObject data;

  private Effect(JsonObject body) {
    this.body = body;
    JsonObject message = Payloads.object(body, "message");
    this.data =
        Stream.of(Payloads.object(message, "data"), Payloads.object(body, "data"))
            .filter(one -> !one.isEmpty())
            .findFirst()
            .orElse(body);
  }

  /**
   * Such as {@code rings: audio call from Alice (sip:alice@example.com) for sip:bob@example.com}.
   */
  static String of(Notification notification) {
    if (notification.status() != 200) {
      return notification.status() == 0
          ? "gets nothing: there was no answer"
          : "gets nothing: " + notification.status() + " " + notification.reason();
    }
    return Payloads.parse(notification.body())
        .filter(JsonObject.class::isInstance)
        .map(body -> new Effect((JsonObject) body).words())
        .orElse("gets something that is no JSON object");
  }

  private String words() {
    return switch (text("event")) {
      case "incoming_session" -> "rings: " + text("media-type") + " call" + people();
      case "incoming_conference", "incoming_conference_request" ->
          "rings: conference with " + text("media-type") + people();
      case "cancel" -> "stops ringing" + with(text("reason"), ": ", "");
      case "message" -> "shows a message" + people();
      case "wake" -> "wakes up, and shows nothing";
      case "transfer" -> "shows a file" + people();
      case "" -> loose();
      default -> "gets the event " + text("event") + people();
    };
  }

  /** Linphone's have no event; strangers' may have anything. */
  private String loose() {
    String from =
        Stream.of(text("from-uri"), text("sip-from"))
            .filter(one -> !one.isEmpty())
            .findFirst()
            .orElse("");
    return from.isEmpty() ? "gets a notification" : "wakes up: call from " + from;
  }

  private String people() {
    String name = text("from_display_name");
    String address = text("from_uri");
    boolean both = !name.isEmpty() && !name.equals(address);
    return with(both ? name + with(address, " (", ")") : address, " from ", "")
        + with(text("to_uri"), " for ", "");
  }

  private String text(String name) {
    String text =
        Stream.of(data, body)
            .map(one -> one.getValue(name))
            .filter(String.class::isInstance)
            .map(String.class::cast)
            .findFirst()
            .orElse("");
    String shown = text.replaceAll("\\p{Cntrl}+", " ");
    return shown.length() <= LONGEST ? shown : shown.substring(0, LONGEST) + "...";
  }

  private static String with(String text, String before, String after) {
    return text.isEmpty() ? "" : before + text + after;
  }
}
