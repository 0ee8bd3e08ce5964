// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.pushserver.contact.ContactHeader;

/**
 * Reads what is said of phones: one of them in a JSON object or a form, or a list of them. Pure.
 */
final class AckReader {
  /** So many fit one request. */
  static final int MOST = 100;

  private static final String ACKS = "acks";
  private static final Pattern ID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final Pattern MILLIS = Pattern.compile("[0-9]{13}");

  /** What it reads was read before, within the limits. */
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build())
          .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
          .build();

  /** One of a list: what it says, or why it says nothing. */
  record One(Ack ack, RequestRefused refusal) {}

  private final JsonNode request;

  private AckReader(JsonNode request) {
    this.request = request;
  }

  /** A reader of a request. */
  static AckReader of(RequestFields fields) {
    try {
      return new AckReader(JSON.readTree(fields.json()));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("the body was good JSON a moment ago", e);
    }
  }

  /** Whether it says several things. */
  boolean isList() {
    return !isMissing(request.get(ACKS));
  }

  /**
   * All that a list says.
   *
   * @throws RequestRefused when it is no list, or too long; what is wrong with one of it, that says
   */
  List<One> list() {
    JsonNode acks = request.get(ACKS);
    if (!acks.isArray() || acks.isEmpty() || acks.size() > MOST) {
      throw RequestRefused.badRequest(
          "Field 'acks' must be a list of 1 to %s objects%s"
              .formatted(MOST, acks.isArray() ? ", not of " + acks.size() : ""));
    }
    List<One> all = new ArrayList<>(acks.size());
    for (JsonNode one : acks) {
      try {
        all.add(new One(new AckReader(one).one(), null));
      } catch (RequestRefused refusal) {
        all.add(new One(null, refusal));
      }
    }
    return all;
  }

  /**
   * The one thing that it says.
   *
   * @throws RequestRefused when something in it is missing or wrong
   */
  Ack one() {
    if (!request.isObject()) {
      throw RequestRefused.badRequest("Each of 'acks' must be an object");
    }
    String callId = text("call-id", Field.CALL_ID.limit());
    try {
      return one(callId);
    } catch (RequestRefused refusal) {
      throw callId == null ? refusal : refusal.about(Printable.cut(callId));
    }
  }

  private Ack one(String callId) {
    UUID id = id();
    if (id == null && callId == null) {
      throw RequestRefused.badRequest("Field 'id' or 'call-id' required");
    }
    String device = PushReader.deviceId(text("device-id", Field.DEVICE_ID.limit()));
    long woken = time("woken-at");
    long displayed = time("displayed-at");
    boolean isNeither = woken == Ack.NOT && displayed == Ack.NOT;
    return new Ack(
        id,
        callId,
        device == null ? null : device.toLowerCase(Locale.ROOT),
        registered(),
        isNeither ? Ack.NOW : woken,
        displayed);
  }

  private UUID id() {
    String text = text("id", Field.CALL_ID.limit());
    if (text == null) {
      return null;
    }
    if (!ID.matcher(text).matches()) {
      throw RequestRefused.badRequest(
          "Field 'id' must be the id of a push, as 8a3f0c1e-52a1-4d0b-9c57-3b1f6f2f7c11, not "
              + Printable.quote(text));
    }
    return UUID.fromString(text);
  }

  /** A PBX that has just seen a phone register knows its Contact best. */
  private Integer registered() {
    String token = text(Field.TOKEN.wireName(), Field.TOKEN.limit());
    if (token != null) {
      return token.hashCode();
    }
    String contact = text(NamedContact.CONTACT, ContactHeader.LONGEST);
    if (contact == null) {
      return null;
    }
    ContactHeader read = ContactHeader.read(contact);
    if (read.devices().isEmpty()) {
      throw RequestRefused.badRequest(
          "Field 'contact' "
              + (read.problem() == null ? "has no push parameters" : read.problem()));
    }
    return read.devices().get(0).registration().hashCode();
  }

  private long time(String name) {
    String text = text(name, Field.DEVICE_ID.limit());
    if (text == null) {
      return Ack.NOT;
    }
    if (text.equals("now")) {
      return Ack.NOW;
    }
    if (MILLIS.matcher(text).matches()) {
      return Long.parseLong(text);
    }
    try {
      long millis = OffsetDateTime.parse(text).toInstant().toEpochMilli();
      if (millis >= 0) {
        return millis;
      }
    } catch (DateTimeException | ArithmeticException e) {
      // Told below, like a time before 1970.
    }
    throw RequestRefused.badRequest(
        "Field '%s' must be a time with its zone, as 2026-11-30T10:15:30.250Z, or milliseconds"
                .formatted(name)
            + " since 1970, or 'now', not "
            + Printable.quote(text));
  }

  /** Null when there is none, or it is empty; numbers count as text. */
  private String text(String name, int limit) {
    JsonNode dashed = request.get(name);
    JsonNode node = isMissing(dashed) ? request.get(name.replace('-', '_')) : dashed;
    if (isMissing(node)) {
      return null;
    }
    if (!node.isTextual() && !node.isIntegralNumber()) {
      throw RequestRefused.badRequest("Field '" + name + "' must be a string");
    }
    String text = node.asText();
    if (text.length() > limit) {
      throw RequestRefused.badRequest(
          "Field '%s' has %s characters; at most %s are allowed"
              .formatted(name, text.length(), limit));
    }
    FieldReader.requireNoControls(name, text);
    return text.isEmpty() ? null : text;
  }

  private static boolean isMissing(JsonNode node) {
    return node == null || node.isNull();
  }
}
