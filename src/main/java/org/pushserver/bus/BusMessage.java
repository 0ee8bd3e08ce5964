// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Optional;
import org.pushserver.api.Printable;
import org.pushserver.api.RequestRefused;

/**
 * A message to the server: JSON as a {@link JsonObject} or as the bytes of its text, and answered
 * in the same form. Confined to one event loop.
 */
final class BusMessage {
  private static final String BUS = "bus";

  private final Message<Object> message;

  BusMessage(Message<Object> message) {
    this.message = message;
  }

  /**
   * Its JSON.
   *
   * @throws RequestRefused 400 when it is of another type, or has values that are no JSON
   */
  byte[] json() {
    Object body = body();
    if (body instanceof Buffer bytes) {
      return bytes.getBytes();
    }
    if (body instanceof JsonObject json) {
      return encoded(json);
    }
    throw RequestRefused.badRequest(
        "The body must be a JsonObject, or a Buffer with JSON, not "
            + (body == null ? "nothing" : "a " + body.getClass().getSimpleName()));
  }

  /** Within this JVM, the bus copies it only now. */
  private Object body() {
    try {
      return message.body();
    } catch (RuntimeException | StackOverflowError e) {
      throw noJson();
    }
  }

  private static byte[] encoded(JsonObject json) {
    try {
      return json.toBuffer().getBytes();
    } catch (RuntimeException | StackOverflowError e) {
      throw noJson();
    }
  }

  private static RequestRefused noJson() {
    return RequestRefused.badRequest("The body has values that are no JSON, or nests too deep");
  }

  MultiMap headers() {
    return message.headers();
  }

  /** Who sent it, as it calls itself, for logs. */
  String sender() {
    String name = message.headers().get("sender");
    return name == null ? BUS : BUS + ':' + Printable.word(name);
  }

  /** The key that its sender shows; null when it shows none. */
  String key() {
    return message.headers().get("api-key");
  }

  /** Whether anybody gets an answer. */
  boolean hasSender() {
    return message.replyAddress() != null;
  }

  /** Whether it went to one consumer, and not to all. */
  boolean wasSent() {
    return message.isSend();
  }

  /**
   * Whether its sender waits for the end of the push; empty when it does not say so. Who gets no
   * answer does not wait.
   *
   * @throws RequestRefused 400 when it says something else
   */
  Optional<Boolean> waits() {
    String text = message.headers().get("wait");
    Optional<Boolean> said = text == null ? Optional.empty() : Optional.of(isYes(text));
    return hasSender() ? said : Optional.of(false);
  }

  private static boolean isYes(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "1" -> true;
      case "false", "no", "0" -> false;
      default ->
          throw RequestRefused.badRequest(
              "Header 'wait' must be true or false, not " + Printable.quote(text));
    };
  }

  /** An answer in the form of the question: bytes to bytes, and else an object. */
  Object written(Buffer json) {
    return isInBytes() ? json : new JsonObject(json);
  }

  private boolean isInBytes() {
    try {
      return body() instanceof Buffer;
    } catch (RequestRefused e) {
      return false;
    }
  }

  /**
   * Answers it, if anybody gets the answer.
   *
   * @param retryAfter seconds after which to try again; 0 to say nothing about it
   */
  void reply(Object written, int retryAfter) {
    if (hasSender()) {
      DeliveryOptions options = new DeliveryOptions();
      if (retryAfter > 0) {
        options.addHeader("retry-after", Integer.toString(retryAfter));
      }
      message.reply(written, options);
    }
  }
}
