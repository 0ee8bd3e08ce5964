// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import static org.pushserver.fake.Await.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.pushserver.api.ApiParts;
import org.pushserver.api.LivePolicy;
import org.pushserver.api.MessageSchema;
import org.pushserver.api.SampleRequest;
import org.pushserver.api.ScriptedDispatcher;
import org.pushserver.config.Access;
import org.pushserver.config.BusSettings;
import org.pushserver.config.Limits;
import org.pushserver.config.LogSettings;
import org.pushserver.config.LogSettings.Journal;
import org.pushserver.config.ServerSettings;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.MemoryTokenStore;
import org.pushserver.observe.RequestMeters;
import org.pushserver.observe.SampleReadiness;

/** An open door on the event bus of a Vert.x, with a scripted dispatcher behind it. */
final class TestBus implements AutoCloseable, AfterEachCallback {
  static final int VERTICLES = 2;

  final Vertx vertx = Vertx.vertx();
  final ManualTime time = new ManualTime();
  final MemoryTokenStore tokens = new MemoryTokenStore();
  final ScriptedDispatcher dispatcher = ScriptedDispatcher.withSamples();
  final BusIngress ingress;
  private final MeterRegistry counts = new SimpleMeterRegistry();
  private final RequestMeters meters = new RequestMeters(counts);
  private final LivePolicy policy;

  private TestBus(ServerSettings settings) {
    policy = new LivePolicy(settings, time);
    ingress = await(open(settings.bus()));
  }

  static TestBus open() {
    return new TestBus(settings(true, Limits.DEFAULT, BusSettings.DEFAULT));
  }

  static ServerSettings settings(boolean waitForResult, Limits limits, BusSettings bus) {
    return new ServerSettings(
            "127.0.0.1",
            0,
            null,
            waitForResult,
            Access.OPEN,
            limits,
            new LogSettings(
                false, false, Journal.NO, false, Path.of("unused.log"), 0, Duration.ZERO, 1),
            Duration.ofSeconds(1),
            null)
        .with(bus);
  }

  /** Opens another door on the same event bus. */
  Future<BusIngress> open(BusSettings bus) {
    return BusIngress.open(
        vertx,
        VERTICLES,
        bus,
        "general.ini",
        policy,
        ApiParts.of(dispatcher, time).with(tokens),
        SampleReadiness.of(time),
        meters);
  }

  /** Goes by other settings, as a reload does; tells what has to wait. */
  List<String> apply(ServerSettings settings) {
    policy.apply(settings);
    return ingress.unchangeable(settings.bus());
  }

  /** Headers of a message, as names and values in turn. */
  static DeliveryOptions headers(String... headers) {
    DeliveryOptions options = new DeliveryOptions();
    for (int i = 0; i < headers.length; i += 2) {
      options.addHeader(headers[i], headers[i + 1]);
    }
    return options;
  }

  /** Asks for something, and tells the whole reply. */
  Message<Object> request(Object body, String... headers) {
    Message<Object> reply =
        await(vertx.eventBus().request("pushserver.push", body, headers(headers)));
    MessageSchema.REPLY.assertDescribes(
        reply.body() instanceof Buffer bytes ? new JsonObject(bytes) : (JsonObject) reply.body());
    return reply;
  }

  /** Asks for a push by a JSON object. */
  JsonObject push(SampleRequest request, String... headers) {
    return (JsonObject) request(new JsonObject(request.toString()), headers).body();
  }

  /** Asks for a push by the bytes of its JSON. */
  JsonObject pushBytes(byte[] bytes, String... headers) {
    return new JsonObject((Buffer) request(Buffer.buffer(bytes), headers).body());
  }

  double answered(int status) {
    return count(
        "pushserver.requests", "path", "pushserver.push", "status", Integer.toString(status));
  }

  double refused(int status, String reason) {
    return count(
        "pushserver.requests.refused", "status", Integer.toString(status), "reason", reason);
  }

  double waiting() {
    return counts.get("pushserver.callers.waiting").gauge().value();
  }

  private double count(String name, String... tags) {
    Counter counter = counts.find(name).tags(tags).counter();
    return counter == null ? 0 : counter.count();
  }

  @Override
  public void afterEach(ExtensionContext test) {
    close();
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}
