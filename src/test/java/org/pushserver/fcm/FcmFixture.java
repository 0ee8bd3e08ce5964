// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import static org.pushserver.fake.Await.await;

import io.vertx.core.CompositeFuture;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.VertxInternal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.pushserver.push.Answer;
import org.pushserver.push.AppKey;
import org.pushserver.push.Details;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Payload;
import org.pushserver.spi.PushService;
import org.pushserver.spi.Time;

/** A push service for Firebase on an event loop of its own, driven from a test's thread. */
final class FcmFixture {
  static final String MESSAGE =
      "{\"message\":{\"token\":\"device\",\"data\":{\"event\":\"ring\"}}}";
  static final Duration TIMEOUT = Duration.ofSeconds(5);

  private record Wait(IntPredicate window, Promise<Integer> met) {}

  private final Vertx vertx;
  private final Time time;
  private final Context context;
  private final PushService service;
  private final List<Wait> waits = new CopyOnWriteArrayList<>();

  FcmFixture(PushService service, Vertx vertx, Time time) {
    this.vertx = vertx;
    this.time = time;
    this.service = service;
    this.context = ((VertxInternal) vertx).createContext(ThreadingModel.EVENT_LOOP);
  }

  /** The configuration of an application whose files are in a folder. */
  static AppConfig config(Path folder, Map<String, String> settings) {
    return config(folder, settings, TIMEOUT);
  }

  static AppConfig config(Path folder, Map<String, String> settings, Duration requestTimeout) {
    return new AppConfig(
        "applications.ini",
        "app",
        new AppKey("com.example.app", AppKey.FIREBASE),
        "sylk",
        settings,
        folder,
        new Delivery(Duration.ofSeconds(64), Duration.ofHours(2), requestTimeout, 100, 1));
  }

  private void check() {
    List<Wait> met = waits.stream().filter(wait -> wait.window().test(service.window())).toList();
    waits.removeAll(met);
    met.forEach(wait -> wait.met().tryComplete(service.window()));
  }

  private <T> Future<T> start(Supplier<Future<T>> action) {
    Promise<T> promise = Promise.promise();
    context.runOnContext(turn -> action.get().onComplete(promise));
    return promise.future();
  }

  void open() throws Exception {
    await(start(() -> service.open(vertx, time, this::check)));
  }

  Future<Integer> windowIs(IntPredicate wanted) {
    return start(
        () -> {
          Wait wait = new Wait(wanted, Promise.promise());
          waits.add(wait);
          check();
          return wait.met().future();
        });
  }

  Future<Integer> conditionIs(Predicate<Condition> wanted) {
    return windowIs(window -> wanted.test(service.condition()));
  }

  /** Opens the service and waits until it takes pushes. */
  void ready() throws Exception {
    open();
    await(windowIs(window -> window > 0));
  }

  int window() throws Exception {
    return await(start(() -> Future.succeededFuture(service.window())));
  }

  Condition condition() throws Exception {
    return await(start(() -> Future.succeededFuture(service.condition())));
  }

  Future<Answer> send() {
    return send(push(Duration.ofSeconds(64)));
  }

  Future<Answer> send(Push push) {
    return start(() -> sendNow(push));
  }

  /** Sends many in one turn of the event loop: each before anything is known of the others. */
  List<Answer> sendAll(int count) throws Exception {
    return await(
        start(
            () ->
                Future.all(
                        Stream.generate(() -> sendNow(push(Duration.ofSeconds(64))))
                            .limit(count)
                            .toList())
                    .map(CompositeFuture::<Answer>list)));
  }

  private Future<Answer> sendNow(Push push) {
    return service.send(push, new Payload(Map.of(), Buffer.buffer(MESSAGE)));
  }

  Future<Answer> send(Map<String, String> headers) {
    Payload payload = new Payload(headers, Buffer.buffer(MESSAGE));
    return start(() -> service.send(push(Duration.ofSeconds(64)), payload));
  }

  /** A ring that lives as long from now on. */
  Push push(Duration life) {
    return new Push(
        UUID.randomUUID(),
        new AppKey("com.example.app", AppKey.FIREBASE),
        new Device("device", null),
        Event.INCOMING_SESSION,
        "call-1",
        new Details(
            "sip:a@b", null, "sip:c@d", "audio", true, null, 1, null, null, null, null, null),
        time.now(),
        time.now() + life.toMillis());
  }

  void close() throws Exception {
    await(start(service::close));
  }
}
