// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import static org.pushserver.fake.Await.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.pushserver.api.ApiParts;
import org.pushserver.api.LivePolicy;
import org.pushserver.api.SampleRequest;
import org.pushserver.api.ScriptedDispatcher;
import org.pushserver.config.BusSettings;
import org.pushserver.config.Limits;
import org.pushserver.config.ServerSettings;
import org.pushserver.dispatch.CallCancel;
import org.pushserver.dispatch.DisabledSection;
import org.pushserver.dispatch.Dispatcher;
import org.pushserver.dispatch.RungDevice;
import org.pushserver.dispatch.VertxTime;
import org.pushserver.events.Application;
import org.pushserver.observe.RequestMeters;
import org.pushserver.observe.SampleReadiness;
import org.pushserver.push.AppKey;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.spi.Time;

/**
 * What a push over the event bus costs beyond what one costs anyway: from a service, whose making
 * of the message counts, to the door, and the answer back, when the push itself ends at once.
 */
@State(Scope.Benchmark)
public class BusBenchmark {
  private static final int PUSHES = 1000;

  /** As many as wrk keeps on the way. */
  private static final int AT_A_TIME = 64;

  private static final byte[] BYTES = SampleRequest.apple().bytes();

  private final Vertx vertx = Vertx.vertx();
  private final Context service = vertx.getOrCreateContext();
  private final PushClient client = PushClient.create(vertx);

  /** Opens the door. */
  @Setup
  public void open() {
    ServerSettings settings = TestBus.settings(true, Limits.DEFAULT, BusSettings.DEFAULT);
    Time time = new VertxTime(vertx);
    BusIngress unused =
        await(
            BusIngress.open(
                vertx,
                TestBus.VERTICLES,
                settings.bus(),
                "general.ini",
                new LivePolicy(settings, time),
                ApiParts.of(new AtOnce(ScriptedDispatcher.withSamples()), time),
                SampleReadiness.of(time),
                new RequestMeters(new SimpleMeterRegistry())));
  }

  /** Ends all. */
  @TearDown
  public void close() {
    await(vertx.close());
  }

  /** With the client. */
  @Benchmark
  @OperationsPerInvocation(PUSHES)
  public void client() {
    run(() -> client.send(message()).map(PushResult::code));
  }

  /** With a JSON object. */
  @Benchmark
  @OperationsPerInvocation(PUSHES)
  public void json() {
    run(
        () ->
            vertx
                .eventBus()
                .<JsonObject>request("pushserver.push", object())
                .map(reply -> reply.body().getInteger("code")));
  }

  /** With the bytes of a request, as somebody has them who only passes them on. */
  @Benchmark
  @OperationsPerInvocation(PUSHES)
  public void bytes() {
    run(
        () ->
            vertx
                .eventBus()
                .<Buffer>request("pushserver.push", Buffer.buffer(BYTES))
                .map(reply -> reply.body().length() > 0 ? 200 : 0));
  }

  private static PushMessage message() {
    return PushMessage.ring("com.example.phone", "apple", SampleRequest.APPLE_TOKEN)
        .callId("Y2NlNzg0@192.0.2.1")
        .from("sip:alice@example.com")
        .to("sip:bob@example.com")
        .mediaType("audio")
        .silent(true)
        .build();
  }

  private static JsonObject object() {
    return new JsonObject()
        .put("app-id", "com.example.phone")
        .put("platform", "apple")
        .put("token", SampleRequest.APPLE_TOKEN)
        .put("event", "incoming_session")
        .put("call-id", "Y2NlNzg0@192.0.2.1")
        .put("from", "sip:alice@example.com")
        .put("to", "sip:bob@example.com")
        .put("media-type", "audio")
        .put("silent", true);
  }

  private void run(Callable<Future<Integer>> push) {
    Turn turn = new Turn(push);
    service.runOnContext(now -> turn.begin());
    await(turn.end.future());
  }

  /** All pushes once, some at a time. On the service's event loop. */
  private static final class Turn {
    private final Callable<Future<Integer>> push;
    private final Promise<Void> end = Promise.promise();
    private int begun;
    private int ended;

    Turn(Callable<Future<Integer>> push) {
      this.push = push;
    }

    void begin() {
      while (begun < AT_A_TIME) {
        next();
      }
    }

    private void next() {
      begun++;
      try {
        push.call().onSuccess(this::ended).onFailure(end::tryFail);
      } catch (Exception e) {
        end.tryFail(e);
      }
    }

    private void ended(int code) {
      if (code != 200) {
        end.tryFail("not delivered: " + code);
      } else if (++ended == PUSHES) {
        end.complete();
      } else if (begun < PUSHES) {
        next();
      }
    }
  }

  /** Every push ends at once, and none is remembered. */
  private record AtOnce(Dispatcher applications) implements Dispatcher {
    private static final Future<Outcome> DELIVERED =
        Future.succeededFuture(ScriptedDispatcher.DELIVERED);

    @Override
    public Optional<Application> application(AppKey key) {
      return applications.application(key);
    }

    @Override
    public Optional<AppKey> alias(AppKey name) {
      return applications.alias(name);
    }

    @Override
    public Optional<DisabledSection> disabled(AppKey key) {
      return applications.disabled(key);
    }

    @Override
    public String platform(String name) {
      return applications.platform(name);
    }

    @Override
    public boolean hasPlatform(String platform) {
      return applications.hasPlatform(platform);
    }

    @Override
    public Future<Outcome> deliver(Push push) {
      return DELIVERED;
    }

    @Override
    public Future<Optional<Outcome>> accept(Push push) {
      return applications.accept(push);
    }

    @Override
    public Future<Optional<Outcome>> withdraw(Push cancel) {
      return applications.withdraw(cancel);
    }

    @Override
    public Future<List<RungDevice>> cancel(CallCancel cancel) {
      return applications.cancel(cancel);
    }

    @Override
    public void answered(Push ring) {
      // Nobody asks.
    }

    @Override
    public Future<Boolean> left(Push ring) {
      return Future.succeededFuture(false);
    }
  }
}
