// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;

/**
 * What the server has answered: how a push ended, or that it was accepted, or why it was not. The
 * numbers are those of {@code POST /push}. Any thread, as long as nobody changes its JSON.
 *
 * @param code 200 … 599: 200 for a push that the push service took, 202 for one that was accepted
 *     and that nobody waits for, 4xx and 5xx for what cannot be, each explained in http-api.md
 * @param description what happened, in a sentence
 * @param reason what the push service said, in its own words; empty when it said nothing
 * @param url where the push was sent; empty when it never was
 * @param platform the platform of the device by its main name, such as {@code apple}; empty when
 *     the push ended at the door
 * @param callId of the push; empty as before
 * @param token of the device, as it was sent; empty as before
 * @param body what the push service answered; empty when it said nothing
 * @param retryAfter seconds after which to send the push again; 0 when nothing is said about it
 * @param reply all that the server answered: {@code {code, description, data}}
 */
public record PushResult(
    int code,
    String description,
    String reason,
    String url,
    String platform,
    String callId,
    String token,
    JsonObject body,
    int retryAfter,
    JsonObject reply) {
  private static final int OK = 200;
  private static final int ACCEPTED = 202;
  private static final int GONE = 410;
  private static final int TOO_MANY = 429;
  private static final int UNAVAILABLE = 503;

  /**
   * @throws NullPointerException when something is null; it names it
   */
  public PushResult {
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(platform, "platform");
    Objects.requireNonNull(callId, "callId");
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(reply, "reply");
  }

  /**
   * Reads a reply, for those who use the event bus without {@link PushClient}.
   *
   * @param reply the JSON of the reply
   * @param headers its headers
   * @return what it says
   * @throws IllegalArgumentException when this is no reply of a Pushserver
   */
  public static PushResult of(JsonObject reply, MultiMap headers) {
    if (!(reply.getValue("code") instanceof Number code)) {
      throw new IllegalArgumentException("there is no number 'code' in it");
    }
    JsonObject data = object(reply, "data");
    return new PushResult(
        code.intValue(),
        text(reply, "description"),
        text(data, "reason"),
        text(data, "url"),
        text(data, "platform"),
        text(data, "call_id"),
        text(data, "token"),
        object(data, "body"),
        seconds(headers.get("retry-after")),
        reply);
  }

  private static String text(JsonObject json, String name) {
    return json.getValue(name) instanceof String text ? text : "";
  }

  private static JsonObject object(JsonObject json, String name) {
    return json.getValue(name) instanceof JsonObject object ? object : new JsonObject();
  }

  private static int seconds(String header) {
    try {
      return header == null ? 0 : Integer.parseInt(header);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /**
   * Whether the push service took the push. It does not mean that the phone has rung. True as well
   * for a cancel that needs no push, because the phone had never been told to ring.
   *
   * @return true for codes 200 to 299, but for what {@link #isAccepted} means
   */
  public boolean isDelivered() {
    return code >= OK && code < 300 && !isAccepted();
  }

  /**
   * {@return whether the push was accepted and nobody waits for its end: {@link PushClient#results}
   * may}
   */
  public boolean isAccepted() {
    // A push service's own 202 tells where it was sent.
    return code == ACCEPTED && url.isEmpty();
  }

  /** {@return whether the token of the device will never work again: forget it} */
  public boolean isDeadToken() {
    return code == GONE;
  }

  /**
   * Of a push to {@linkplain PushMessageBuilder#contact contacts}: what you call those devices
   * whose tokens will never work again. Forget them.
   *
   * @return unmodifiable; empty when there is none, or the push was to one device
   */
  public List<String> gone() {
    return object(reply, "data").getValue("gone") instanceof JsonArray refs
        ? refs.stream().filter(String.class::isInstance).map(String.class::cast).toList()
        : List.of();
  }

  /**
   * Whether the push was not accepted though nothing is wrong with it: it may be sent again after
   * {@link #retryAfter}, or after a second when that is 0. What has failed otherwise has been tried
   * as long as it was worth while, or fails again.
   *
   * @return true for 429 and 503
   */
  public boolean mayRetry() {
    return code == TOO_MANY || code == UNAVAILABLE;
  }

  /** Fit for a log: no token, nor the URL that may have it. */
  @Override
  public String toString() {
    return "PushResult[code=%s, description=%s, reason=%s, callId=%s, retryAfter=%s]"
        .formatted(code, description, reason, callId, retryAfter);
  }
}
