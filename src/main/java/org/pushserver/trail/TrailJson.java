// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.pushserver.push.AppKey;

/**
 * The one form in which entries of the trail are written in JSON: for the API, for events, for
 * webhooks, for commands. Any thread.
 */
public final class TrailJson {
  /** Half characters, which a push service may quote, are no error when they are escaped. */
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** The outcome of a push that has not ended. */
  public static final String WAITING = "waiting";

  /**
   * Why it ended so, in words.
   *
   * @param id of the row in the table of causes
   * @param sentence what happened
   * @param next what to do
   * @param link the page, and the place on it, that says more
   */
  public record Cause(String id, String sentence, String next, String link) {}

  private TrailJson() {}

  /** A writer, for as many entries as are wanted. */
  public static JsonGenerator writer(OutputStream out) throws IOException {
    return JSON.createGenerator(out);
  }

  /** An entry alone. */
  public static Buffer of(TrailEntry entry, Cause cause) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = writer(bytes)) {
      write(json, entry, cause);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  /**
   * Writes one entry as an object.
   *
   * @param cause null for none
   */
  public static void write(JsonGenerator json, TrailEntry entry, Cause cause) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", entry.id().toString());
    json.writeStringField("at", time(entry.at()));
    if (entry.endedAt() != 0) {
      json.writeStringField("ended-at", time(entry.endedAt()));
    }
    json.writeStringField("outcome", outcome(entry.end()));
    if (entry.app() != null) {
      json.writeStringField("app-id", entry.app().appId());
      json.writeStringField("platform", entry.app().platform());
    }
    json.writeStringField("event", entry.event());
    json.writeStringField("call-id", entry.callId());
    json.writeStringField("from", entry.from());
    json.writeStringField("account", entry.account());
    json.writeStringField("device-id", entry.device());
    json.writeStringField("token", entry.token());
    json.writeStringField("token-hash", hash(entry.tokenHash()));
    json.writeStringField("sender", entry.sender());
    json.writeNumberField("code", entry.code());
    json.writeStringField("reason", entry.reason());
    json.writeNumberField("attempts", entry.attempts());
    text(json, "node", entry.node());
    if (cause != null) {
      json.writeObjectFieldStart("cause");
      json.writeStringField("id", cause.id());
      json.writeStringField("sentence", cause.sentence());
      json.writeStringField("next", cause.next());
      json.writeStringField("link", cause.link());
      json.writeEndObject();
    }
    json.writeArrayFieldStart("steps");
    for (TrailStep step : entry.steps()) {
      write(json, step);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, TrailStep step) throws IOException {
    json.writeStartObject();
    json.writeStringField("what", word(step.what()));
    json.writeStringField("at", time(step.at()));
    number(json, "number", step.number(), 0);
    number(json, "status", step.status(), 0);
    text(json, "text", step.text());
    number(json, "took-ms", step.tookMs(), -1);
    text(json, "topic", step.topic());
    number(json, "connection", step.connection(), 0);
    json.writeEndObject();
  }

  /**
   * Reads what {@link #write} has written; the cause aside.
   *
   * @throws RuntimeException when it is none
   */
  public static TrailEntry read(JsonNode json) {
    String appId = text(json, "app-id");
    String outcome = text(json, "outcome");
    String hash = text(json, "token-hash");
    List<TrailStep> steps = new ArrayList<>();
    json.path("steps").forEach(step -> steps.add(step(step)));
    return new TrailEntry(
        UUID.fromString(text(json, "id")),
        time(text(json, "at")),
        json.has("ended-at") ? time(text(json, "ended-at")) : 0,
        outcome.equals(WAITING) ? null : TrailEnd.valueOf(name(outcome)),
        appId.isEmpty() ? null : new AppKey(appId, text(json, "platform")),
        text(json, "event"),
        text(json, "call-id"),
        text(json, "from"),
        text(json, "account"),
        text(json, "device-id"),
        text(json, "token"),
        hash.isEmpty() ? 0 : Long.parseUnsignedLong(hash, 16),
        text(json, "sender"),
        json.path("code").asInt(),
        text(json, "reason"),
        json.path("attempts").asInt(),
        steps,
        text(json, "node"));
  }

  private static TrailStep step(JsonNode json) {
    return new TrailStep(
        TrailStep.What.valueOf(name(text(json, "what"))),
        time(text(json, "at")),
        json.path("number").asInt(),
        json.path("status").asInt(),
        text(json, "text"),
        json.path("took-ms").asLong(-1),
        text(json, "topic"),
        json.path("connection").asInt());
  }

  private static String text(JsonNode json, String name) {
    return json.path(name).asText();
  }

  private static long time(String text) {
    return Instant.parse(text).toEpochMilli();
  }

  private static String name(String word) {
    return word.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private static void number(JsonGenerator json, String name, long value, long none)
      throws IOException {
    if (value != none) {
      json.writeNumberField(name, value);
    }
  }

  private static void text(JsonGenerator json, String name, String value) throws IOException {
    if (!value.isEmpty()) {
      json.writeStringField(name, value);
    }
  }

  /** A time in UTC, to the millisecond. */
  public static String time(long at) {
    return TIME.format(Instant.ofEpochMilli(at));
  }

  /** The hash of a token in 16 hex digits; empty without a token. */
  public static String hash(long tokenHash) {
    return tokenHash == 0 ? "" : String.format(Locale.ROOT, "%016x", tokenHash);
  }

  /**
   * How it ended, in one word.
   *
   * @param end null while it has not
   */
  public static String outcome(TrailEnd end) {
    return end == null ? WAITING : word(end);
  }

  /** Its name in lower case, with dashes. */
  public static String word(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
