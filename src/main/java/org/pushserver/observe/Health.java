// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.pushserver.dispatch.DisabledSection;
import org.pushserver.dispatch.Status;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.Delivery;
import org.pushserver.spool.SpoolStore;
import org.pushserver.tokens.TokenStore;
import org.pushserver.tokens.TokenStoreState;
import org.pushserver.trail.TrailRecorder;
import org.pushserver.trail.TrailState;

/**
 * Whether pushes can be sent, as a load balancer and an operator want to know it. Immutable.
 *
 * @param ready whether any application can send and the server is not about to stop
 * @param body the JSON that says so, application by application
 * @param brief the JSON that says only so
 */
record Health(boolean ready, Buffer body, Buffer brief) {
  /** What of its form never changes; event-bus.md says what may come besides. */
  private static final int VERSION = 1;

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  /**
   * What the applications' statuses come to.
   *
   * @param disabled the sections that none of them runs from
   * @param config what became of the configuration
   * @param trail null when there is none
   * @param tokens null when none are stored
   * @param cluster null when this server is alone
   * @param spool null when there is none
   * @param stopping whether no more pushes are taken
   * @param now milliseconds since the epoch
   */
  static Health of(
      List<Status> applications,
      List<DisabledSection> disabled,
      ConfigHealth config,
      TrailRecorder trail,
      TokenStore tokens,
      ClusterHealth cluster,
      SpoolStore spool,
      boolean stopping,
      long now) {
    boolean anySends =
        applications.stream().anyMatch(status -> status.condition().state() == State.CONNECTED);
    boolean ready = anySends && !stopping;
    String word = stopping ? "stopping" : ready ? "ready" : "unavailable";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeNumberField("version", VERSION);
      json.writeStringField("status", word);
      json.writeArrayFieldStart("applications");
      for (Status status : applications) {
        write(json, status, now);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("disabled");
      for (DisabledSection section : disabled) {
        write(json, section);
      }
      json.writeEndArray();
      json.writeObjectFieldStart("configuration");
      config.write(json);
      json.writeEndObject();
      if (trail != null) {
        write(json, trail);
      }
      if (tokens != null) {
        write(json, tokens.state());
      }
      if (cluster != null) {
        cluster.write(json);
      }
      if (spool != null) {
        write(json, spool);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Buffer brief = Buffer.buffer("{\"version\":" + VERSION + ",\"status\":\"" + word + "\"}");
    return new Health(ready, Buffer.buffer(bytes.toByteArray()), brief);
  }

  /** That it cannot be written makes nobody less ready: pushes go on. */
  private static void write(JsonGenerator json, TrailRecorder trail) throws IOException {
    TrailState state = trail.state();
    json.writeObjectFieldStart("trail");
    json.writeStringField("state", state.problem().isEmpty() ? "written" : "not_written");
    json.writeStringField("reason", state.problem());
    json.writeNumberField("files", state.files());
    json.writeNumberField("damaged_files", state.damaged());
    json.writeNumberField("bytes", state.bytes());
    if (state.oldest() > 0) {
      json.writeStringField("oldest", Instant.ofEpochMilli(state.oldest()).toString());
    }
    json.writeNumberField("lost", trail.counts().lost());
    json.writeEndObject();
  }

  /** The same: pushes to devices that are named go on. */
  private static void write(JsonGenerator json, TokenStoreState state) throws IOException {
    json.writeObjectFieldStart("tokens");
    json.writeStringField("store", state.kind());
    json.writeStringField("state", state.isUsable() ? "usable" : "unusable");
    json.writeStringField("reason", state.problem());
    json.writeEndObject();
  }

  /** Who waits for the end of his pushes does not mind. */
  private static void write(JsonGenerator json, SpoolStore spool) throws IOException {
    String problem = spool.problem();
    json.writeObjectFieldStart("spool");
    json.writeStringField("state", problem.isEmpty() ? "kept" : "not_kept");
    json.writeStringField("reason", problem);
    json.writeNumberField("pushes", spool.size());
    json.writeNumberField("bytes", spool.bytes());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, DisabledSection section) throws IOException {
    json.writeStartObject();
    json.writeStringField("section", section.section());
    if (section.key().isPresent()) {
      json.writeStringField("app_id", section.key().get().appId());
      json.writeStringField("platform", section.key().get().platform());
    }
    json.writeStringField("reason", section.reason());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Status status, long now) throws IOException {
    json.writeStartObject();
    json.writeStringField("app_id", status.application().key().appId());
    json.writeStringField("platform", status.application().key().platform());
    json.writeStringField("section", status.application().section());
    json.writeStringField("state", StateName.of(status.condition().state()));
    json.writeStringField("since", Instant.ofEpochMilli(status.since()).toString());
    json.writeStringField("reason", status.condition().reason());
    Delivery delivery = status.application().delivery();
    json.writeNumberField("call_deadline", seconds(delivery.callDeadline()));
    json.writeNumberField("message_deadline", seconds(delivery.messageDeadline()));
    if (status.credentialExpiry() != null) {
      Duration left = Duration.between(Instant.ofEpochMilli(now), status.credentialExpiry());
      json.writeStringField("credentials_expire", status.credentialExpiry().toString());
      json.writeNumberField("days_until_expiry", Math.floorDiv(left.toSeconds(), 86_400L));
    }
    json.writeEndObject();
  }

  /** As they are configured: 64, or 0.5. */
  private static BigDecimal seconds(Duration time) {
    BigDecimal seconds = BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros();
    return seconds.scale() < 0 ? seconds.setScale(0) : seconds;
  }
}
