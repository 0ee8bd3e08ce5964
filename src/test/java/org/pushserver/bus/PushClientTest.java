// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.failure;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.push.Kind;
import org.pushserver.spi.Delivery;

/** The client and a real event bus; who answers there does so by a script. */
class PushClientTest {
  private static final String PUSH = "pushserver.push";

  private static final PushMessage RING =
      PushMessage.ring("com.example.phone", "apple", "6688ff9c").callId("4711@pbx").build();

  private final Vertx vertx = Vertx.vertx();
  private final PushClient pushes = PushClient.create(vertx);

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @CanIgnoreReturnValue
  private MessageConsumer<Buffer> serve(String address, Handler<Message<Buffer>> server) {
    MessageConsumer<Buffer> consumer = vertx.eventBus().<Buffer>consumer(address, server);
    await(consumer.completion());
    return consumer;
  }

  private static Buffer reply(int code) {
    return new JsonObject()
        .put("code", code)
        .put("description", "as scripted")
        .put("data", "")
        .toBuffer();
  }

  private NoReplyException refused(Future<?> asked) {
    return assertInstanceOf(NoReplyException.class, failure(asked));
  }

  @Test
  void aPushIsTheJsonOfARequestAsBytes() {
    Promise<Message<Buffer>> asked = Promise.promise();
    serve(
        PUSH,
        message -> {
          asked.complete(message);
          message.reply(reply(200));
        });
    PushResult result = await(pushes.send(RING));
    assertEquals(200, result.code());
    assertEquals("as scripted", result.description());
    assertTrue(result.isDelivered());
    Message<Buffer> message = await(asked.future());
    assertEquals(RING.toJson(), message.body().toJsonObject());
    assertEquals("true", message.headers().get("wait"));
    assertFalse(message.headers().contains("sender"));
    assertFalse(message.headers().contains("api-key"));
  }

  @Test
  void aSubmittedPushIsNotWaitedFor() {
    serve(
        PUSH,
        message -> message.reply(reply("false".equals(message.headers().get("wait")) ? 202 : 500)));
    assertTrue(await(pushes.submit(RING)).isAccepted());
  }

  /** Whatever an operator has set for those that do not say. */
  @Test
  void aSubmittedPushSaysSoInItsBodyToo() {
    serve(
        PUSH,
        message ->
            message.reply(
                reply(message.body().toJsonObject().getInteger("wait", -1) == 0 ? 202 : 500)));
    assertTrue(await(pushes.submit(RING)).isAccepted());
    assertEquals(500, await(pushes.send(RING)).code());
  }

  @Test
  void theServerIsToldWhoAsks() {
    Promise<Message<Buffer>> asked = Promise.promise();
    serve(
        "pushes.of.acme.push",
        message -> {
          asked.complete(message);
          message.reply(reply(200));
        });
    PushClientOptions options =
        PushClientOptions.DEFAULT
            .withPrefix("pushes.of.acme")
            .withSender("webhook")
            .withApiKey("s3cret");
    assertEquals(200, await(PushClient.create(vertx, options).send(RING)).code());
    assertEquals("webhook", await(asked.future()).headers().get("sender"));
    assertEquals("s3cret", await(asked.future()).headers().get("api-key"));
    assertFalse(options.toString().contains("s3cret"), options::toString);
  }

  /** Also what refuses is an answer, and no failure. */
  @ParameterizedTest
  @ValueSource(ints = {200, 202, 400, 401, 403, 404, 409, 410, 413, 429, 500, 502, 503, 504})
  void whateverTheServerAnswersIsAResult(int code) {
    serve(PUSH, message -> message.reply(reply(code)));
    assertEquals(code, await(pushes.send(RING)).code());
  }

  @Test
  void theServerSaysWhenToComeAgain() {
    serve(
        PUSH,
        message -> message.reply(reply(503), new DeliveryOptions().addHeader("retry-after", "7")));
    PushResult result = await(pushes.send(RING));
    assertTrue(result.mayRetry());
    assertEquals(7, result.retryAfter());
  }

  @Test
  void aReplyMayBeAJsonObject() {
    serve(PUSH, message -> message.reply(new JsonObject(reply(410))));
    assertTrue(await(pushes.send(RING)).isDeadToken());
  }

  @Test
  void withoutAServerTheFailureSaysWhatToDeploy() {
    NoReplyException refused = refused(pushes.send(RING));
    assertEquals(NoReplyException.Why.NO_SERVER, refused.why());
    assertFalse(refused.mayBeSent());
    assertTrue(refused.getMessage().contains("deploy a PushServerVerticle"), refused.getMessage());
    assertTrue(refused.getMessage().contains(PUSH), refused.getMessage());
    assertEquals(NoReplyException.Why.NO_SERVER, refused(pushes.submit(RING)).why());
    assertEquals(NoReplyException.Why.NO_SERVER, refused(pushes.status()).why());
  }

  @Test
  void silenceEndsWithTheTimeOutAndSaysThatThePushMayBeSent() {
    serve(PUSH, message -> {});
    NoReplyException refused = refused(pushes.send(RING, Duration.ofMillis(30)));
    assertEquals(NoReplyException.Why.TIMED_OUT, refused.why());
    assertTrue(refused.mayBeSent());
    assertTrue(refused.getMessage().contains("30 ms"), refused.getMessage());
  }

  @Test
  void eachKindOfPushHasItsTimeOut() {
    serve(PUSH, message -> {});
    Duration brief = Duration.ofMillis(20);
    PushClientOptions options = PushClientOptions.DEFAULT;
    PushMessage message = PushMessage.message("com.example.phone", "apple", "6688ff9c").build();
    for (Future<PushResult> asked :
        List.of(
            PushClient.create(vertx, options.withCallTimeout(brief)).send(RING),
            PushClient.create(vertx, options.withMessageTimeout(brief)).send(message),
            PushClient.create(vertx, options.withSubmitTimeout(brief)).submit(message))) {
      assertTrue(refused(asked).getMessage().contains("20 ms"), refused(asked).getMessage());
    }
  }

  /** The deadlines of the server, which has the same numbers in {@code spi.Delivery}. */
  @Test
  void theUsualTimeOutsAreLongerThanTheUsualDeadlines() {
    PushClientOptions options = PushClientOptions.DEFAULT;
    for (Kind kind : Kind.values()) {
      Duration deadline = Delivery.DEFAULT.deadline(kind);
      Duration timeout =
          switch (kind) {
            case WAKE ->
                options.timeout(PushMessage.wake("com.example.phone", "apple", "-aa").build());
            case RING, CANCEL -> options.callTimeout();
            case MESSAGE, TRANSFER -> options.messageTimeout();
          };
      assertEquals(deadline.plus(PushClientOptions.MARGIN), timeout, kind::name);
    }
  }

  @Test
  void aMessageThatSaysWhenItIsAnsweredIsNotWaitedForLonger() {
    PushClientOptions options = PushClientOptions.DEFAULT;
    PushMessageBuilder ring = PushMessage.ring("com.example.phone", "apple", "6688ff9c");
    assertEquals(options.callTimeout(), options.timeout(ring.build()));
    assertEquals(
        Duration.ofSeconds(20 + 10), options.timeout(ring.ttl(Duration.ofSeconds(20)).build()));
    assertEquals(
        Duration.ofSeconds(4 + 10),
        options.timeout(ring.answerWithin(Duration.ofMillis(4999)).build()));
    assertEquals(
        options.callTimeout(),
        options.timeout(ring.answerWithin(Duration.ofHours(1)).ttl(Duration.ofHours(1)).build()));
  }

  @Test
  void aServerThatEndsBeforeItLooksHasSentNothing() {
    MessageConsumer<Buffer> server = serve(PUSH, message -> {});
    server.pause();
    Future<PushResult> asked = pushes.send(RING);
    // Behind the message, on the same way.
    await(
        vertx
            .eventBus()
            .request(PUSH, Buffer.buffer(), new DeliveryOptions().setSendTimeout(20))
            .otherwiseEmpty());
    await(server.unregister());
    NoReplyException refused = refused(asked);
    assertEquals(NoReplyException.Why.CLOSED, refused.why());
    assertFalse(refused.mayBeSent());
  }

  @Test
  void withoutAnEventBusNothingIsSent() {
    Vertx closed = Vertx.vertx();
    PushClient client = PushClient.create(closed);
    await(closed.close());
    assertFalse(refused(client.send(RING)).mayBeSent());
  }

  @Test
  void whatIsNoAnswerOfAPushserverIsNotTakenForOne() {
    serve(PUSH, message -> message.reply("pong"));
    assertEquals(NoReplyException.Why.NOT_UNDERSTOOD, refused(pushes.send(RING)).why());
    serve("a.push", message -> message.reply(Buffer.buffer("pong")));
    serve("b.push", message -> message.reply(new JsonObject().put("pong", true)));
    serve("c.push", message -> message.fail(500, "no pushes today"));
    for (String prefix : List.of("a", "b", "c")) {
      PushClient client = PushClient.create(vertx, PushClientOptions.DEFAULT.withPrefix(prefix));
      NoReplyException refused = refused(client.send(RING));
      assertEquals(NoReplyException.Why.NOT_UNDERSTOOD, refused.why());
      assertTrue(refused.mayBeSent());
      assertTrue(refused.getMessage().contains(prefix + ".push"), refused.getMessage());
    }
  }

  @Test
  void anAnswerComesWhereItWasAskedFor() {
    serve(PUSH, message -> message.reply(reply(200)));
    Context context = vertx.getOrCreateContext();
    Promise<Context> told = Promise.promise();
    context.runOnContext(
        turn -> pushes.send(RING).onComplete(end -> told.complete(Vertx.currentContext())));
    assertSame(context, await(told.future()));
  }

  private static JsonObject end(String id) {
    return new JsonObject()
        .put("version", 1)
        .put("id", id)
        .put("call_id", "4711@pbx")
        .put("app_id", "com.example.phone")
        .put("platform", "apple")
        .put("event", "incoming_session")
        .putNull("device_id")
        .put("token", "6688ff9c")
        .put("result", "DEAD_TOKEN")
        .put("code", 410)
        .put("reason", "Unregistered")
        .put("url", "https://api.push.apple.com/3/device/6688ff9c")
        .put("attempts", 2)
        .put("born_at", 1_772_366_400_000L)
        .put("ended_at", 1_772_366_400_061L)
        .put("of_a_newer_server", true);
  }

  @Test
  void resultsAreToldUntilTheyAreClosed() {
    List<PushEnd> told = new ArrayList<>();
    Promise<PushEnd> second = Promise.promise();
    ResultSubscription results =
        pushes.results(
            end -> {
              told.add(end);
              if (told.size() == 2) {
                second.complete(end);
              }
            });
    await(results.ready());
    vertx.eventBus().publish("pushserver.results", end("a"));
    vertx.eventBus().publish("pushserver.results", end("b"));
    PushEnd end = await(second.future());
    assertEquals(
        new PushEnd(
            "b",
            "4711@pbx",
            "com.example.phone",
            "apple",
            "incoming_session",
            null,
            "6688ff9c",
            "DEAD_TOKEN",
            410,
            "Unregistered",
            "https://api.push.apple.com/3/device/6688ff9c",
            2,
            Instant.ofEpochMilli(1_772_366_400_000L),
            Instant.ofEpochMilli(1_772_366_400_061L)),
        end);
    assertTrue(end.isDeadToken());
    assertFalse(end.isDelivered());
    assertFalse(end.toString().contains("6688ff9c"), end::toString);
    await(results.close());
    await(results.close());
    vertx.eventBus().publish("pushserver.results", end("c"));
    assertEquals(List.of("a", "b"), told.stream().map(PushEnd::id).toList());
  }

  @Test
  void whatIsNoResultIsAnErrorOfThatMessageAlone() {
    Promise<Throwable> thrown = Promise.promise();
    Promise<PushEnd> told = Promise.promise();
    Context context = vertx.getOrCreateContext();
    context.exceptionHandler(thrown::tryComplete);
    Promise<Void> ready = Promise.promise();
    context.runOnContext(turn -> pushes.results(told::complete).ready().onComplete(ready));
    await(ready.future());
    vertx.eventBus().publish("pushserver.results", new JsonObject().put("result", "DELIVERED"));
    vertx.eventBus().publish("pushserver.results", end("a"));
    assertEquals("a", await(told.future()).id());
    assertEquals("code", await(thrown.future()).getMessage());
  }

  @Test
  void aResultOfAnotherVersionIsNotTakenForOneOfThis() {
    assertEquals("a", PushEnd.of(end("a")).id());
    assertThrows(IllegalArgumentException.class, () -> PushEnd.of(end("a").put("version", 2)));
  }

  @Test
  void theStatusIsWhatTheServerSays() {
    JsonObject status = new JsonObject().put("ready", true);
    vertx.eventBus().consumer("pushserver.status", message -> message.reply(status));
    assertEquals(status, await(pushes.status()));
  }

  @Test
  void optionsThatCannotBeMeantAreRefusedByName() {
    PushClientOptions options = PushClientOptions.DEFAULT;
    assertThrows(NullPointerException.class, () -> options.withPrefix(null));
    assertThrows(IllegalArgumentException.class, () -> options.withPrefix(""));
    assertThrows(IllegalArgumentException.class, () -> options.withCallTimeout(Duration.ZERO));
    assertThrows(NullPointerException.class, () -> options.withMessageTimeout(null));
    assertThrows(
        IllegalArgumentException.class, () -> options.withSubmitTimeout(Duration.ofNanos(999)));
    assertThrows(IllegalArgumentException.class, () -> pushes.send(RING, Duration.ofMillis(-1)));
    assertThrows(NullPointerException.class, () -> PushClient.create(null));
    assertThrows(NullPointerException.class, () -> pushes.results(null));
  }
}
