// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * Something that goes wrong on request. It happens only to requests that the service would have
 * accepted.
 *
 * @param kind what happens
 * @param service where; null for everywhere
 * @param token how the device tokens begin that it happens to, in lower case; empty for all
 * @param status for {@link Kind#ANSWER}: the HTTP status
 * @param reason for {@link Kind#ANSWER}: the service's reason; null for the usual one
 * @param body for {@link Kind#ANSWER}: the answer's whole body; null for the service's own
 * @param retryAfter for {@link Kind#ANSWER}: seconds in {@code Retry-After}; negative for none
 * @param delay before it happens
 * @param probability that it happens, 0 to 1
 * @param times how often it happens before it is over; 0 for until it is removed
 */
public record Fault(
    Kind kind,
    Service service,
    String token,
    int status,
    String reason,
    String body,
    int retryAfter,
    Duration delay,
    double probability,
    int times) {

  /** What can happen. */
  public enum Kind {
    /** The answer is late, but good. */
    DELAY,
    /** The answer has another status. */
    ANSWER,
    /** The stream is reset as REFUSED_STREAM: the peer promises that it did nothing. */
    REFUSE,
    /** There is never an answer. */
    STALL,
    /** The connection is closed without an answer. */
    DROP,
    /** The connection is being left: GOAWAY comes before the good answer. */
    GOAWAY,
    /** Every connection is closed, also each new one, until the fault is removed. */
    DOWN
  }

  private static final Set<String> NAMES =
      Set.of(
          "fault",
          "service",
          "token",
          "status",
          "reason",
          "body",
          "retryAfter",
          "delay",
          "probability",
          "times");
  private static final long MAX_DELAY_MS = 600_000;

  public Fault {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(delay, "delay");
    token = token.toLowerCase(Locale.ROOT);
    if (kind == Kind.ANSWER && (status < 200 || status > 599)) {
      throw new IllegalArgumentException("status must be from 200 to 599: " + status);
    }
    if (!(probability > 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "probability must be above 0 and at most 1: " + probability);
    }
    if (times < 0) {
      throw new IllegalArgumentException("times must be 0 or more: " + times);
    }
    if (delay.isNegative() || delay.toMillis() > MAX_DELAY_MS) {
      throw new IllegalArgumentException("delay must be from 0 to 600000 ms: " + delay.toMillis());
    }
  }

  /** A fault of this kind that always happens, everywhere. */
  public static Fault of(Kind kind) {
    return new Fault(kind, null, "", 503, null, null, -1, Duration.ZERO, 1, 0);
  }

  /** An answer with another status. */
  public static Fault answer(int status) {
    return new Fault(Kind.ANSWER, null, "", status, null, null, -1, Duration.ZERO, 1, 0);
  }

  /** The same at one service only. */
  public Fault at(Service place) {
    return new Fault(
        kind, place, token, status, reason, body, retryAfter, delay, probability, times);
  }

  /** The same after a while. */
  public Fault after(Duration wait) {
    return new Fault(
        kind, service, token, status, reason, body, retryAfter, wait, probability, times);
  }

  /** The same, over after so many times. */
  public Fault times(int count) {
    return new Fault(
        kind, service, token, status, reason, body, retryAfter, delay, probability, count);
  }

  /** The same with {@code Retry-After}, in seconds. */
  public Fault retryAfter(int seconds) {
    return new Fault(
        kind, service, token, status, reason, body, seconds, delay, probability, times);
  }

  /**
   * Reads what the control API was told.
   *
   * @throws IllegalArgumentException names what is wrong
   */
  static Fault fromJson(JsonObject json) {
    for (String name : json.fieldNames()) {
      if (!NAMES.contains(name)) {
        throw new IllegalArgumentException("no such field: " + name);
      }
    }
    try {
      String service = json.getString("service");
      Object body = json.getValue("body");
      return new Fault(
          kind(json.getString("fault", "")),
          service == null ? null : Service.of(service),
          json.getString("token", ""),
          json.getInteger("status", 503),
          json.getString("reason"),
          body == null || body instanceof String ? (String) body : body.toString(),
          json.getInteger("retryAfter", -1),
          Duration.ofMillis(json.getLong("delay", 0L)),
          json.getDouble("probability", 1.0),
          json.getInteger("times", 0));
    } catch (ClassCastException | NullPointerException e) {
      throw new IllegalArgumentException("a field has the wrong type: " + json.encode(), e);
    }
  }

  private static Kind kind(String name) {
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "fault must be delay, answer, refuse, stall, drop, goaway or down: " + name));
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject().put("fault", kind.name().toLowerCase(Locale.ROOT));
    if (service != null) {
      json.put("service", service.wireName());
    }
    if (!token.isEmpty()) {
      json.put("token", token);
    }
    if (kind == Kind.ANSWER) {
      json.put("status", status).put("reason", reason).put("body", body);
    }
    if (retryAfter >= 0) {
      json.put("retryAfter", retryAfter);
    }
    return json.put("delay", delay.toMillis()).put("probability", probability).put("times", times);
  }
}
