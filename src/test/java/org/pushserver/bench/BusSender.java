// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import static org.pushserver.fake.Await.await;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Verticle;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.pushserver.PushServerVerticle;
import org.pushserver.bus.PushClient;
import org.pushserver.bus.PushMessage;
import org.pushserver.bus.PushResult;

/**
 * A program with the server within it. For each number of seconds that it reads it sends for so
 * long over the event bus, and prints the pushes taken, the others, and the nanoseconds. Its log
 * says errors only.
 */
public final class BusSender {
  /** How pushes are sent. */
  enum Way {
    CLIENT,
    JSON
  }

  /** As many as wrk keeps on the way. */
  private static final int AT_A_TIME = 64;

  private static final int OK = 200;
  private static final long TIMEOUT_MS = 74_000;
  private static final String APP_ID = "com.example.phone0";

  private static final List<String> TOKENS =
      IntStream.range(0, Posts.DEVICES).mapToObj(Posts::device).toList();

  private final Vertx vertx = Vertx.vertx();
  private final PushClient client = PushClient.create(vertx);
  private final String prefix = Long.toString(System.nanoTime(), Character.MAX_RADIX);
  private final AtomicLong count = new AtomicLong();
  private final List<Context> services = new CopyOnWriteArrayList<>();

  private BusSender() {}

  /** Runs it: the configuration directory, and a {@link Way}. Ends with its input. */
  public static void main(String[] arguments) throws Exception {
    BusSender sender = new BusSender();
    Function<String, Future<Integer>> push =
        Way.valueOf(arguments[1]) == Way.CLIENT ? sender::byClient : sender::byJson;
    await(sender.vertx.deployVerticle(new PushServerVerticle(Path.of(arguments[0]))));
    await(
        sender.vertx.deployVerticle(
            sender::service,
            new DeploymentOptions().setInstances(VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE)));
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        System.out.println(sender.send(push, TimeUnit.SECONDS.toNanos(Long.parseLong(line))));
      }
    }
    System.exit(0);
  }

  /** One that only lends its event loop. */
  private Verticle service() {
    return new AbstractVerticle() {
      @Override
      public void start() {
        services.add(context);
      }
    };
  }

  /** Each event loop has a part of those that are on the way, as connections would be. */
  private String send(Function<String, Future<Integer>> push, long nanos) {
    long start = System.nanoTime();
    List<Turn> turns = new ArrayList<>();
    for (Context service : services) {
      Turn turn = new Turn(push, start + nanos);
      turns.add(turn);
      service.runOnContext(now -> turn.begin(AT_A_TIME / services.size()));
    }
    for (Turn turn : turns) {
      turn.end.future().toCompletionStage().toCompletableFuture().join();
    }
    long taken = turns.stream().mapToLong(turn -> turn.taken).sum();
    long failed = turns.stream().mapToLong(turn -> turn.failed).sum();
    return taken + " " + failed + " " + (System.nanoTime() - start);
  }

  private Future<Integer> byClient(String callId) {
    return client
        .send(
            PushMessage.ring(APP_ID, "apple", token())
                .callId(callId)
                .from("sip:alice@example.com", "Alice")
                .to("sip:bob@example.com")
                .mediaType("audio")
                .build())
        .map(PushResult::code);
  }

  private Future<Integer> byJson(String callId) {
    JsonObject push =
        new JsonObject()
            .put("app-id", APP_ID)
            .put("token", token())
            .put("call-id", callId)
            .put("platform", "apple")
            .put("event", "incoming_session")
            .put("media-type", "audio")
            .put("from", "sip:alice@example.com")
            .put("from-display-name", "Alice")
            .put("to", "sip:bob@example.com");
    DeliveryOptions patient = new DeliveryOptions().setSendTimeout(TIMEOUT_MS);
    return vertx
        .eventBus()
        .<JsonObject>request("pushserver.push", push, patient)
        .map(reply -> reply.body().getInteger("code"));
  }

  private String token() {
    return TOKENS.get((int) (count.get() % Posts.DEVICES));
  }

  /** What one event loop sends. Confined to it, until its end. */
  private final class Turn {
    private final Function<String, Future<Integer>> push;
    private final long until;
    private final Promise<Void> end = Promise.promise();
    private int open;
    private long taken;
    private long failed;

    Turn(Function<String, Future<Integer>> push, long until) {
      this.push = push;
      this.until = until;
    }

    void begin(int atATime) {
      open = Math.max(1, atATime);
      for (int i = open; i > 0; i--) {
        next();
      }
    }

    private void next() {
      if (System.nanoTime() < until) {
        push.apply(prefix + '-' + count.incrementAndGet()).onComplete(this::ended);
      } else if (--open == 0) {
        end.complete();
      }
    }

    private void ended(Integer code, Throwable cause) {
      if (cause == null && code == OK) {
        taken++;
      } else {
        failed++;
      }
      next();
    }
  }
}
