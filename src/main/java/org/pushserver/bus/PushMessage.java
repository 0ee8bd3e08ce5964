// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
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
 * String, String)}, and a {@link Builder}.
 *
 * @param fields by their names in the request, in the order in which they were set; each a text, a
 *     number, a truth value, or JSON of these
 */
public record PushMessage(Map<String, Object> fields) {
  private static final String APP_ID = "app-id";
  private static final String PLATFORM = "platform";
  private static final String TOKEN = "token";
  private static final String EVENT = "event";
  private static final String CALL_ID = "call-id";
  private static final String FROM = "from";
  private static final String FROM_DISPLAY_NAME = "from-display-name";
  private static final String TO = "to";
  private static final String DEVICE_ID = "device-id";
  private static final String TOKEN_KIND = "token-kind";
  private static final String REF = "ref";
  private static final String CONTACT = "contact";
  private static final String CONTACTS = "contacts";
  private static final String TTL = "ttl";
  private static final String WAIT = "wait";

  private static final String RING = "incoming_session";
  private static final String CANCEL = "cancel";
  private static final String MESSAGE = "message";
  private static final String WAKE = "wake";

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

  private static Object json(String name, Object value) {
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
  public static Builder ring(String appId, String platform, String token) {
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
  public static Builder cancel(String appId, String platform, String token) {
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
  public static Builder message(String appId, String platform, String token) {
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
  public static Builder wake(String appId, String platform, String token) {
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
  public static Builder event(String event, String appId, String platform, String token) {
    return event(event).filled(APP_ID, appId).filled(PLATFORM, platform).filled(TOKEN, token);
  }

  /**
   * Any event for all devices of a user at once, as their SIP phones have registered: give each
   * with {@link Builder#contact}. The answer tells which of them are {@linkplain PushResult#gone
   * gone}.
   *
   * @param event its name, such as {@code incoming_session}
   * @return takes the other fields
   * @throws NullPointerException when it is null; it names it
   * @throws IllegalArgumentException when it is empty; it names it
   */
  public static Builder event(String event) {
    return new Builder().filled(EVENT, event);
  }

  /**
   * A cancel for every device that was rung with this call-id within the last minutes: the server
   * knows which. {@link Builder#except} names those that shall ring on.
   *
   * @param callId of the rings
   * @return takes the other fields
   * @throws NullPointerException when it is null; it names it
   * @throws IllegalArgumentException when it is empty; it names it
   */
  public static Builder cancelCall(String callId) {
    return event(CANCEL).filled(CALL_ID, callId);
  }

  /**
   * A cancel of this ring: the same device, call-id, caller and callee.
   *
   * @return takes the other fields, such as the reason
   */
  public Builder toCancel() {
    Builder cancel = new Builder();
    cancel.fields.putAll(fields);
    cancel.fields.keySet().retainAll(OF_THE_CALL);
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

  /**
   * Takes the fields one by one. Each may be set again; null takes it out. One thread at a time; it
   * may go on after {@link #build}, for a second device.
   */
  public static final class Builder {
    private final Map<String, Object> fields = new LinkedHashMap<>();

    private Builder() {}

    private Builder filled(String name, String value) {
      Objects.requireNonNull(value, name);
      if (value.isEmpty()) {
        throw new IllegalArgumentException(name + " is empty");
      }
      return field(name, value);
    }

    /**
     * A field by its name in the request, for those that have no method here: a custom application
     * type's, or a newer server's.
     *
     * @param name as in http-api.md
     * @param value a text, a number, a truth value, a {@link JsonObject} or a {@link JsonArray};
     *     null takes the field out
     * @return this
     * @throws NullPointerException when there is no name
     * @throws IllegalArgumentException when the value cannot be JSON; it names it
     */
    public Builder field(String name, Object value) {
      Objects.requireNonNull(name, "name");
      if (value == null) {
        fields.remove(name);
      } else {
        fields.put(name, json(name, value));
      }
      return this;
    }

    /**
     * The Call-ID of the call or message. A ring and its cancel have the same.
     *
     * @param callId of SIP, or any other text that no other call has
     * @return this
     */
    public Builder callId(String callId) {
      return field(CALL_ID, callId);
    }

    /**
     * The SIP address of the caller.
     *
     * @param address such as {@code sip:alice@example.com}
     * @return this
     */
    public Builder from(String address) {
      return field(FROM, address);
    }

    /**
     * The caller.
     *
     * @param address the SIP address
     * @param displayName the name that the phone shows
     * @return this
     */
    public Builder from(String address, String displayName) {
      return from(address).field(FROM_DISPLAY_NAME, displayName);
    }

    /**
     * The SIP address of the callee.
     *
     * @param address such as {@code sip:bob@example.com}
     * @return this
     */
    public Builder to(String address) {
      return field(TO, address);
    }

    /**
     * A name of the device that stays when its token changes, such as its {@code +sip.instance}.
     *
     * @param deviceId with or without {@code urn:uuid:}
     * @return this
     */
    public Builder deviceId(String deviceId) {
      return field(DEVICE_ID, deviceId);
    }

    /**
     * What the token is for, where it is one token of Apple's and the app has it for nothing else.
     *
     * @param kind {@code voip} or {@code remote}
     * @return this
     */
    public Builder tokenKind(String kind) {
      return field(TOKEN_KIND, kind);
    }

    /**
     * What you call the device; only for you.
     *
     * @param ref any text
     * @return this
     */
    public Builder ref(String ref) {
      return field(REF, ref);
    }

    /**
     * One more device, by the Contact with which it has registered: in place of application,
     * platform and token.
     *
     * @param contact the URI or the whole header value, with its push parameters (RFC 8599)
     * @param ref what you call the device, by which the answer names it when its token is dead
     * @return this
     * @throws NullPointerException when one is null; it names it
     */
    public Builder contact(String contact, String ref) {
      Objects.requireNonNull(contact, CONTACT);
      Objects.requireNonNull(ref, REF);
      JsonArray all = fields.get(CONTACTS) instanceof JsonArray some ? some : new JsonArray();
      return field(CONTACTS, all.add(new JsonObject().put(CONTACT, contact).put(REF, ref)));
    }

    /**
     * How long the push is of use: no phone rings after it. Never longer than the server's own
     * deadline.
     *
     * @param time a second at least; what is left beyond whole seconds is cut off
     * @return this
     * @throws NullPointerException when it is null
     * @throws IllegalArgumentException when it is shorter
     */
    public Builder ttl(Duration time) {
      if (time.toSeconds() < 1) {
        throw new IllegalArgumentException("ttl is less than a second: " + time);
      }
      return field(TTL, time.toSeconds());
    }

    /**
     * After what time the server answers at the latest. If the push has not ended by then, the
     * answer is 202 ({@link PushResult#isAccepted}), and the server goes on.
     *
     * @param time what is left beyond whole seconds is cut off; nothing: at once
     * @return this
     * @throws NullPointerException when it is null
     * @throws IllegalArgumentException when it is negative
     */
    public Builder answerWithin(Duration time) {
      if (time.isNegative()) {
        throw new IllegalArgumentException("wait is negative: " + time);
      }
      return field(WAIT, time.toSeconds());
    }

    /**
     * Of a {@linkplain #cancelCall cancel on all devices}: those that ring on, such as the one that
     * has answered.
     *
     * @param devices their refs or device-ids
     * @return this
     */
    public Builder except(List<String> devices) {
      return field("except", new JsonArray(List.copyOf(devices)));
    }

    /**
     * {@code audio}, {@code video}, {@code chat}, {@code sms}, {@code image} …
     *
     * @param mediaType one that the application type knows
     * @return this
     */
    public Builder mediaType(String mediaType) {
      return field("media-type", mediaType);
    }

    /**
     * Whether the app wakes without an alert; only the type linphone makes a difference.
     *
     * @param silent whether it does
     * @return this
     */
    public Builder silent(boolean silent) {
      return field("silent", silent);
    }

    /**
     * Why a call is cancelled, in words that the phone may show.
     *
     * @param reason in any language
     * @return this
     */
    public Builder reason(String reason) {
      return field("reason", reason);
    }

    /**
     * The number on the app's icon.
     *
     * @param number 0 takes it away
     * @return this
     * @throws IllegalArgumentException when it is negative
     */
    public Builder badge(int number) {
      if (number < 0) {
        throw new IllegalArgumentException("badge is negative: " + number);
      }
      return field("badge", number);
    }

    /**
     * Of a conference: the account that is invited.
     *
     * @param account its SIP address
     * @return this
     */
    public Builder account(String account) {
      return field("account", account);
    }

    /**
     * Of a transfer: the file.
     *
     * @param name its name
     * @param type its content type
     * @return this
     */
    public Builder file(String name, String type) {
      return field("filename", name).field("filetype", type);
    }

    /**
     * Of a message: what it says.
     *
     * @param text all of it
     * @param type its content type, such as {@code text/plain}
     * @return this
     */
    public Builder content(String text, String type) {
      return field("content", text).field("content-type", type);
    }

    /**
     * The message, as it is so far.
     *
     * @return one that no longer changes
     */
    public PushMessage build() {
      return new PushMessage(fields);
    }
  }
}
