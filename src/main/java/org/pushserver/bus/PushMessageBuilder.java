// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Takes the fields one by one. Each may be set again; null takes it out. One thread at a time; it
 * may go on after {@link #build}, for a second device.
 */
public final class PushMessageBuilder {
  private final Map<String, Object> fields;

  PushMessageBuilder() {
    this(Map.of());
  }

  /** One that begins with these. */
  PushMessageBuilder(Map<String, Object> fields) {
    this.fields = new LinkedHashMap<>(fields);
  }

  void keepOnly(Set<String> names) {
    fields.keySet().retainAll(names);
  }

  PushMessageBuilder filled(String name, String value) {
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
   * @param value a text, a number, a truth value, a {@link JsonObject} or a {@link JsonArray}; null
   *     takes the field out
   * @return this
   * @throws NullPointerException when there is no name
   * @throws IllegalArgumentException when the value cannot be JSON; it names it
   */
  public PushMessageBuilder field(String name, Object value) {
    Objects.requireNonNull(name, "name");
    if (value == null) {
      fields.remove(name);
    } else {
      fields.put(name, PushMessage.json(name, value));
    }
    return this;
  }

  /**
   * The Call-ID of the call or message. A ring and its cancel have the same.
   *
   * @param callId of SIP, or any other text that no other call has
   * @return this
   */
  public PushMessageBuilder callId(String callId) {
    return field(PushMessage.CALL_ID, callId);
  }

  /**
   * The SIP address of the caller.
   *
   * @param address such as {@code sip:alice@example.com}
   * @return this
   */
  public PushMessageBuilder from(String address) {
    return field(PushMessage.FROM, address);
  }

  /**
   * The caller.
   *
   * @param address the SIP address
   * @param displayName the name that the phone shows
   * @return this
   */
  public PushMessageBuilder from(String address, String displayName) {
    return from(address).field(PushMessage.FROM_DISPLAY_NAME, displayName);
  }

  /**
   * The SIP address of the callee.
   *
   * @param address such as {@code sip:bob@example.com}
   * @return this
   */
  public PushMessageBuilder to(String address) {
    return field(PushMessage.TO, address);
  }

  /**
   * A name of the device that stays when its token changes, such as its {@code +sip.instance}.
   *
   * @param deviceId with or without {@code urn:uuid:}
   * @return this
   */
  public PushMessageBuilder deviceId(String deviceId) {
    return field(PushMessage.DEVICE_ID, deviceId);
  }

  /**
   * What the token is for, where it is one token of Apple's and the app has it for nothing else.
   *
   * @param kind {@code voip} or {@code remote}
   * @return this
   */
  public PushMessageBuilder tokenKind(String kind) {
    return field(PushMessage.TOKEN_KIND, kind);
  }

  /**
   * What you call the device; only for you.
   *
   * @param ref any text
   * @return this
   */
  public PushMessageBuilder ref(String ref) {
    return field(PushMessage.REF, ref);
  }

  /**
   * One more device, by the Contact with which it has registered: in place of application, platform
   * and token.
   *
   * @param contact the URI or the whole header value, with its push parameters (RFC 8599)
   * @param ref what you call the device, by which the answer names it when its token is dead
   * @return this
   * @throws NullPointerException when one is null; it names it
   */
  public PushMessageBuilder contact(String contact, String ref) {
    Objects.requireNonNull(contact, PushMessage.CONTACT);
    Objects.requireNonNull(ref, PushMessage.REF);
    JsonArray all =
        fields.get(PushMessage.CONTACTS) instanceof JsonArray some ? some : new JsonArray();
    return field(
        PushMessage.CONTACTS,
        all.add(new JsonObject().put(PushMessage.CONTACT, contact).put(PushMessage.REF, ref)));
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
  public PushMessageBuilder ttl(Duration time) {
    if (time.toSeconds() < 1) {
      throw new IllegalArgumentException("ttl is less than a second: " + time);
    }
    return field(PushMessage.TTL, time.toSeconds());
  }

  /**
   * After what time the server answers at the latest. If the push has not ended by then, the answer
   * is 202 ({@link PushResult#isAccepted}), and the server goes on.
   *
   * @param time what is left beyond whole seconds is cut off; nothing: at once
   * @return this
   * @throws NullPointerException when it is null
   * @throws IllegalArgumentException when it is negative
   */
  public PushMessageBuilder answerWithin(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("wait is negative: " + time);
    }
    return field(PushMessage.WAIT, time.toSeconds());
  }

  /**
   * Of a {@linkplain PushMessage#cancelCall cancel on all devices}: those that ring on, such as the
   * one that has answered.
   *
   * @param devices their refs or device-ids
   * @return this
   */
  public PushMessageBuilder except(List<String> devices) {
    return field("except", new JsonArray(List.copyOf(devices)));
  }

  /**
   * {@code audio}, {@code video}, {@code chat}, {@code sms}, {@code image} …
   *
   * @param mediaType one that the application type knows
   * @return this
   */
  public PushMessageBuilder mediaType(String mediaType) {
    return field("media-type", mediaType);
  }

  /**
   * Whether the app wakes without an alert; only the type linphone makes a difference.
   *
   * @param silent whether it does
   * @return this
   */
  public PushMessageBuilder silent(boolean silent) {
    return field("silent", silent);
  }

  /**
   * Why a call is cancelled, in words that the phone may show.
   *
   * @param reason in any language
   * @return this
   */
  public PushMessageBuilder reason(String reason) {
    return field("reason", reason);
  }

  /**
   * The number on the app's icon.
   *
   * @param number 0 takes it away
   * @return this
   * @throws IllegalArgumentException when it is negative
   */
  public PushMessageBuilder badge(int number) {
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
  public PushMessageBuilder account(String account) {
    return field("account", account);
  }

  /**
   * Of a transfer: the file.
   *
   * @param name its name
   * @param type its content type
   * @return this
   */
  public PushMessageBuilder file(String name, String type) {
    return field("filename", name).field("filetype", type);
  }

  /**
   * Of a message: what it says.
   *
   * @param text all of it
   * @param type its content type, such as {@code text/plain}
   * @return this
   */
  public PushMessageBuilder content(String text, String type) {
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
