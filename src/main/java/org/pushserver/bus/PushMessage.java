// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a push says: the fields of {@code POST /push}, which http-api.md explains. Whether they are
 * right is for the server to say, in its answer; here only that is refused which cannot be meant.
 * Immutable; any thread.
 *
 * <p>Made with {@link #ring}, {@link #cancel}, {@link #message} or {@link #event(String, String,
 * String, String)}, and a {@link PushMessageBuilder}.
 *
 * @param fields by their names in the request, in the order in which they were set; each a text, a
 *     number, a truth value, or JSON of these
 */
public record PushMessage(Map<String, Object> fields) {
  static final String APP_ID = "app-id";
  static final String PLATFORM = "platform";
  static final String TOKEN = "token";
  static final String EVENT = "event";
  static final String CALL_ID = "call-id";
  static final String FROM = "from";
  static final String FROM_DISPLAY_NAME = "from-display-name";
  static final String TO = "to";
  static final String DEVICE_ID = "device-id";
  static final String TOKEN_KIND = "token-kind";
  static final String REF = "ref";
  static final String CONTACT = "contact";
  static final String CONTACTS = "contacts";
  static final String TTL = "ttl";
  static final String WAIT = "wait";

  static final String RING = "incoming_session";
  static final String CANCEL = "cancel";
  static final String MESSAGE = "message";
  static final String WAKE = "wake";

  /** How long the server tries to wake an app, in seconds. */
  private static final int WAKE_S = 120;

  /** Those that end with the time of a call, not of a message. */
  private static final Set<String> OF_A_CALL =
      Set.of(RING, "incoming_conference", "incoming_conference_request", CANCEL);

  /** What a ring and its cancel have in common. */
  private static final Set<String> OF_THE_CALL =
      Set.of(
          APP_ID,
          PLATFORM,
          TOKEN,
          TOKEN_KIND,
          CONTACTS,
          CALL_ID,
          FROM,
          FROM_DISPLAY_NAME,
          TO,
          DEVICE_ID,
          REF);

  /**
   * @throws NullPointerException when a name or value is null; it names it
   * @throws IllegalArgumentException when a value cannot be JSON; it names it
   */
  public PushMessage {
    Map<String, Object> copy = new LinkedHashMap<>();
    fields.forEach(
        (name, value) -> copy.put(Objects.requireNonNull(name, "name"), json(name, value)));
    fields = Collections.unmodifiableMap(copy);
  }

  static Object json(String name, Object value) {
    Objects.requireNonNull(value, name);
    if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      return value;
    }
    if (value instanceof JsonObject object) {
      return object.copy();
    }
    if (value instanceof JsonArray array) {
      return array.copy();
    }
    throw new IllegalArgumentException(
        name + " is a " + value.getClass().getName() + ", which is no value of JSON");
  }

  /**
   * A call: the phone is to ring. The server wants its call-id, who calls whom, and a media type.
   *
   * @param appId selects the application, together with the platform
   * @param platform {@code apple}, {@code firebase}, or a custom push service
   * @param token the device's
   * @return takes the other fields
   * @throws NullPointerException when one is null; it names it
   * @throws IllegalArgumentException when one is empty; it names it
   */
  public static PushMessageBuilder ring(String appId, String platform, String token) {
    return event(RING, appId, platform, token);
  }

  /**
   * The phone is to stop ringing. The server wants the call-id of the ring, and who called whom;
   * {@link #toCancel} has them. Errors are those of {@link #ring}.
   *
   * @param appId selects the application, together with the platform
   * @param platform as for {@link #ring}
   * @param token the device's
   * @return takes the other fields
   */
  public static PushMessageBuilder cancel(String appId, String platform, String token) {
    return event(CANCEL, appId, platform, token);
  }

  /**
   * A message. The server wants what it wants of a call. Errors as there.
   *
   * @param appId selects the application, together with the platform
   * @param platform as for {@link #ring}
   * @param token the device's
   * @return takes the other fields
   */
  public static PushMessageBuilder message(String appId, String platform, String token) {
    return event(MESSAGE, appId, platform, token);
  }

  /**
   * The app is to register; nothing rings and nothing is shown. Needs no more than the device.
   * Errors as for {@link #ring}.
   *
   * @param appId selects the application, together with the platform
   * @param platform as for {@link #ring}
   * @param token the device's; for Apple a pair, or one for all but calls
   * @return takes the other fields
   */
  public static PushMessageBuilder wake(String appId, String platform, String token) {
    return event(WAKE, appId, platform, token);
  }

  /**
   * Any other event that the type of the application knows, such as {@code transfer}.
   *
   * @param event its name
   * @param appId as for {@link #ring}
   * @param platform as there
   * @param token as there
   * @return takes the other fields
   * @throws NullPointerException when one is null; it names it
   * @throws IllegalArgumentException when one is empty; it names it
   */
  public static PushMessageBuilder event(
      String event, String appId, String platform, String token) {
    return event(event).filled(APP_ID, appId).filled(PLATFORM, platform).filled(TOKEN, token);
  }

  /**
   * Any event for all devices of a user at once, as their SIP phones have registered: give each
   * with {@link PushMessageBuilder#contact}. The answer tells which of them are {@linkplain
   * PushResult#gone gone}.
   *
   * @param event its name, such as {@code incoming_session}
   * @return takes the other fields
   * @throws NullPointerException when it is null; it names it
   * @throws IllegalArgumentException when it is empty; it names it
   */
  public static PushMessageBuilder event(String event) {
    return new PushMessageBuilder().filled(EVENT, event);
  }

  /**
   * A cancel for every device that was rung with this call-id within the last minutes: the server
   * knows which. {@link PushMessageBuilder#except} names those that shall ring on.
   *
   * @param callId of the rings
   * @return takes the other fields
   * @throws NullPointerException when it is null; it names it
   * @throws IllegalArgumentException when it is empty; it names it
   */
  public static PushMessageBuilder cancelCall(String callId) {
    return event(CANCEL).filled(CALL_ID, callId);
  }

  /**
   * A cancel of this ring: the same device, call-id, caller and callee.
   *
   * @return takes the other fields, such as the reason
   */
  public PushMessageBuilder toCancel() {
    PushMessageBuilder cancel = new PushMessageBuilder(fields);
    cancel.keepOnly(OF_THE_CALL);
    return cancel.filled(EVENT, CANCEL);
  }

  /**
   * {@return whether the server gives it the time of a call; all that is no call has that of a
   * message}
   */
  public boolean isCall() {
    return OF_A_CALL.contains(fields.getOrDefault(EVENT, RING));
  }

  /** After what time the server has answered in any case, as far as the message decides it. */
  Optional<Duration> answeredAfter() {
    Object life = fields.get(TTL);
    if (life == null && WAKE.equals(fields.get(EVENT))) {
      life = WAKE_S;
    }
    return Stream.of(Optional.ofNullable(life), Optional.ofNullable(fields.get(WAIT)))
        .flatMap(Optional::stream)
        .filter(Number.class::isInstance)
        .map(seconds -> Duration.ofSeconds(((Number) seconds).longValue()))
        .min(Comparator.naturalOrder());
  }

  /**
   * The body of the request.
   *
   * @return a copy
   */
  public JsonObject toJson() {
    return new JsonObject(new LinkedHashMap<>(fields));
  }

  /** Fit for a log: no token, no number, no text. */
  @Override
  public String toString() {
    return "PushMessage[app-id=%s, platform=%s, event=%s, call-id=%s]"
        .formatted(
            fields.get(APP_ID), fields.get(PLATFORM), fields.get(EVENT), fields.get(CALL_ID));
  }
}
