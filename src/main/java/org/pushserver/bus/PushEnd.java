// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Objects;

/**
 * How one push ended, whoever had sent it: what the server publishes at {@code pushserver.results}.
 * Immutable; any thread.
 *
 * @param id of the push, the same over all attempts; for Apple the {@code apns-id}
 * @param callId of the push; may be empty
 * @param appId of the application
 * @param platform of the application, by its main name, such as {@code apple}
 * @param event such as {@code incoming_session}
 * @param deviceId as it was sent, without quotes and prefix; null when there was none
 * @param token the whole token of the device: keep it out of logs
 * @param result {@code DELIVERED}, {@code REFUSED}, {@code DEAD_TOKEN}, {@code EXPIRED}, {@code
 *     SUPERSEDED}, {@code OVERLOADED} or {@code ABANDONED}; more may come
 * @param code the status that whoever waited for the push was answered
 * @param reason what the push service, or the server, said; empty when there is nothing to say
 * @param url where the push was sent; empty when it never was
 * @param attempts how often the push service was asked
 * @param bornAt when the server got the push
 * @param endedAt when it ended
 */
public record PushEnd(
    String id,
    String callId,
    String appId,
    String platform,
    String event,
    String deviceId,
    String token,
    String result,
    int code,
    String reason,
    String url,
    int attempts,
    Instant bornAt,
    Instant endedAt) {
  private static final int VERSION = 1;

  /**
   * @throws NullPointerException when something other than the device-id is null; it names it
   */
  public PushEnd {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(callId, "callId");
    Objects.requireNonNull(appId, "appId");
    Objects.requireNonNull(platform, "platform");
    Objects.requireNonNull(event, "event");
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(result, "result");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(bornAt, "bornAt");
    Objects.requireNonNull(endedAt, "endedAt");
  }

  /**
   * Reads a result, for those who use the event bus without {@link PushClient}. Names that it does
   * not know are passed over.
   *
   * @param json the body of the message
   * @return what it says
   * @throws NullPointerException when a name is missing; it names it
   * @throws ClassCastException when a value is of another type
   * @throws IllegalArgumentException when it is of another version than this class
   */
  public static PushEnd of(JsonObject json) {
    int version = json.getInteger("version", VERSION);
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "the result is of version " + version + ", and only " + VERSION + " is understood");
    }
    return new PushEnd(
        json.getString("id"),
        json.getString("call_id"),
        json.getString("app_id"),
        json.getString("platform"),
        json.getString("event"),
        json.getString("device_id"),
        json.getString("token"),
        json.getString("result"),
        number(json, "code").intValue(),
        json.getString("reason"),
        json.getString("url"),
        number(json, "attempts").intValue(),
        Instant.ofEpochMilli(number(json, "born_at").longValue()),
        Instant.ofEpochMilli(number(json, "ended_at").longValue()));
  }

  private static Number number(JsonObject json, String name) {
    return Objects.requireNonNull(json.getNumber(name), name);
  }

  /** {@return whether the push service took the push} */
  public boolean isDelivered() {
    return result.equals("DELIVERED");
  }

  /** {@return whether the token of the device will never work again: forget it} */
  public boolean isDeadToken() {
    return result.equals("DEAD_TOKEN");
  }

  /** Fit for a log: no token, nor the URL that may have it. */
  @Override
  public String toString() {
    return "PushEnd[id=%s, callId=%s, appId=%s, platform=%s, event=%s, result=%s, code=%s, reason=%s]"
        .formatted(id, callId, appId, platform, event, result, code, reason);
  }
}
