// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.pushserver.events.ApplicationListener;
import org.pushserver.events.ReportEnd;
import org.pushserver.events.ReportListener;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Time;

/**
 * Reports the dead tokens of one application to whoever keeps its tokens, some at a time: who does
 * not wait for the end of a push learns of them in no other way. Confined to one event loop.
 */
final class DeadTokenReports implements ApplicationListener {
  static final int MOST_TOGETHER = 100;

  /** For so long others may join the first of a report. */
  static final long TOGETHER_MS = 1_000;

  /** Escaping keeps half characters, which anybody may send, from being an error. */
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final Collectors collectors;
  private final List<DeadToken> waiting = new ArrayList<>();
  private Push last;
  private Time time;
  private long timer;

  private DeadTokenReports(CollectorConfig config, ReportListener reports) {
    this.collectors = new Collectors(config, reports);
  }

  /** Those of an application; {@link ApplicationListener#NONE} when nobody wants them. */
  static ApplicationListener of(
      AppConfig config, ReportListener reports, Consumer<Problem> warnings) {
    CollectorConfig read = CollectorConfig.read(config, ReportEnd.Kind.DEAD_TOKENS, warnings);
    return read.urls().isEmpty() ? NONE : new DeadTokenReports(read, reports);
  }

  @Override
  public void open(Vertx vertx, Time clock) {
    time = clock;
    collectors.open(vertx, clock);
  }

  @Override
  public void ended(Push push, Outcome outcome, long now) {
    if (outcome.result() != Outcome.Result.DEAD_TOKEN) {
      return;
    }
    waiting.add(DeadToken.of(push, now));
    last = push;
    if (waiting.size() == 1) {
      timer = time.timer(TOGETHER_MS, this::report);
    } else if (waiting.size() == MOST_TOGETHER) {
      time.cancel(timer);
      report();
    }
  }

  private void report() {
    Buffer report = json(waiting);
    waiting.clear();
    collectors.take(ReportSubject.of(last), report);
  }

  private static Buffer json(List<DeadToken> dead) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeArrayFieldStart("dead");
      for (DeadToken one : dead) {
        json.writeStartObject();
        one.writeFields(json);
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  @Override
  public Future<Void> close() {
    if (!waiting.isEmpty()) {
      time.cancel(timer);
      report();
    }
    return collectors.close();
  }
}
