// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.awaitAll;
import static org.pushserver.fake.Await.failure;
import static org.pushserver.fake.Await.until;

import ch.qos.logback.classic.Level;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.Shareable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.api.MessageSchema;
import org.pushserver.api.SampleRequest;
import org.pushserver.api.ScriptedDispatcher;
import org.pushserver.config.ApiKey;
import org.pushserver.config.ApiKeys;
import org.pushserver.config.BusSettings;
import org.pushserver.config.KeyHash;
import org.pushserver.config.Limits;
import org.pushserver.config.Rate;
import org.pushserver.fake.LogTrail;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.ConfigException;

/** What comes of messages to {@code pushserver.push}. */
@Timeout(60)
class BusIngressIT {
  private static final String KEY = KeyHash.newKey();

  @RegisterExtension private final TestBus bus = TestBus.open();
  @RegisterExtension private final LogTrail log = new LogTrail();

  private EventBus eventBus() {
    return bus.vertx.eventBus();
  }

  private static ApiKeys keys() {
    String hash = HexFormat.of().formatHex(new KeyHash().of(KEY));
    return ApiKeys.of(
        List.of(new ApiKey("gateway", hash, false, Set.of("com.example.phone"), Set.of())));
  }

  private static Limits limits(Rate rate) {
    return new Limits(1024, 8192, Duration.ofSeconds(60), 1, 3, 1024, 200, 250, rate);
  }

  private List<String> apply(boolean waitForResult, Limits limits, BusSettings settings) {
    return bus.apply(TestBus.settings(waitForResult, limits, settings));
  }

  private static void assertRefused(int code, String description, JsonObject reply) {
    assertEquals(
        new JsonObject().put("code", code).put("description", description).put("data", ""), reply);
  }

  @Test
  void aJsonObjectBecomesAPushAndIsAnsweredByOne() {
    JsonObject reply = bus.push(SampleRequest.apple());
    assertEquals(
        new JsonObject()
            .put("code", 200)
            .put("description", "push notification response")
            .put(
                "data",
                new JsonObject()
                    .put("body", new JsonObject())
                    .put("code", 200)
                    .put("reason", "")
                    .put("url", "https://push.example/3")
                    .put("platform", "apple")
                    .put("call_id", "Y2NlNzg0@192.0.2.1")
                    .put("token", SampleRequest.APPLE_TOKEN)),
        reply);
    Push push = bus.dispatcher.pushes().get(0);
    assertEquals("com.example.phone", push.app().appId());
    assertEquals(1, bus.answered(200));
    assertEquals(0, bus.waiting());
  }

  @Test
  void theBytesOfTheSameJsonBecomeThePushAndAreAnsweredByBytes() {
    JsonObject reply = bus.pushBytes(SampleRequest.firebase().bytes());
    assertEquals(200, reply.getInteger("code"));
    assertEquals(SampleRequest.FCM_TOKEN, reply.getJsonObject("data").getString("token"));
    assertEquals(1, bus.dispatcher.pushes().size());
  }

  @Test
  void whatIsWrongIsSaidInTheReplyAsOverHttp() {
    assertRefused(
        400,
        "Field 'event' must be one of 'incoming_session', 'incoming_conference_request', 'cancel',"
            + " 'message', 'transfer', not 'ring'",
        bus.push(SampleRequest.apple().withText("event", "ring")));
    assertRefused(
        404,
        "Application 'nobody.knows' is not configured for platform 'apple'",
        bus.push(SampleRequest.apple().withText("app-id", "nobody.knows")));
    assertRefused(
        400,
        "The body must be a JSON object, not an array",
        bus.pushBytes("[]".getBytes(StandardCharsets.US_ASCII)));
    assertEquals(2, bus.refused(400, "malformed"));
    assertEquals(1, bus.refused(404, "application"));
    assertEquals(2, bus.answered(400));
    assertEquals(List.of(), bus.dispatcher.pushes());
  }

  @Test
  void aBodyThatIsNeitherJsonObjectNorBufferIsRefused() {
    String expected = "The body must be a JsonObject, or a Buffer with JSON, not ";
    assertRefused(400, expected + "a String", (JsonObject) bus.request("{}").body());
    assertRefused(400, expected + "nothing", (JsonObject) bus.request(null).body());
    assertRefused(400, expected + "a JsonArray", (JsonObject) bus.request(new JsonArray()).body());
  }

  /** What the bus takes because it can copy it; all else fails at its sender already. */
  private static final class Opaque implements Shareable {
    @Override
    public Shareable copy() {
      return this;
    }
  }

  @Test
  void aJsonObjectWithValuesThatAreNoJsonIsRefused() {
    assertRefused(
        400,
        "The body has values that are no JSON, or nests too deep",
        (JsonObject)
            bus.request(new JsonObject(SampleRequest.apple().toString()).put("extra", new Opaque()))
                .body());
  }

  @Test
  void theLimitsAreThoseOfHttp() {
    assertEquals(List.of(), apply(true, limits(Rate.UNLIMITED), BusSettings.DEFAULT));
    SampleRequest request = SampleRequest.apple();
    assertEquals(200, bus.push(request).getInteger("code"));
    assertRefused(
        413,
        "The body is too long; at most 1024 bytes are allowed",
        bus.push(request.withText("content", "x".repeat(1024))));
    assertRefused(
        400,
        "The body nests too deep, or a name, number or text in it is too long",
        bus.push(SampleRequest.apple().with("extra", "[[[[1]]]]")));
    assertEquals(1, bus.refused(413, "too_long"));
  }

  @Test
  void eachSenderHasTheRateOfOneClient() {
    List<String> kept = apply(true, limits(new Rate(1, 1)), BusSettings.DEFAULT);
    assertEquals(List.of(), kept);
    assertEquals(200, bus.push(SampleRequest.apple(), "sender", "a").getInteger("code"));
    Message<Object> tooMany =
        bus.request(new JsonObject(SampleRequest.apple().toString()), "sender", "a");
    assertEquals(429, ((JsonObject) tooMany.body()).getInteger("code"));
    assertEquals("1", tooMany.headers().get("retry-after"));
    assertEquals(200, bus.push(SampleRequest.apple(), "sender", "b").getInteger("code"));
    bus.time.advance(Duration.ofSeconds(1));
    assertEquals(200, bus.push(SampleRequest.apple(), "sender", "a").getInteger("code"));
  }

  @Test
  void waitFalseIsAnsweredAtOnce() {
    bus.dispatcher.deliverWith(push -> Promise.<Outcome>promise().future());
    for (String no : List.of("false", "no", "0", "False")) {
      JsonObject reply = bus.push(SampleRequest.apple(), "wait", no);
      assertEquals(202, reply.getInteger("code"));
      assertEquals("accepted for delivery", reply.getString("description"));
    }
  }

  @Test
  void waitTrueWaitsWhateverReturnAsyncSays() {
    List<String> kept = apply(false, Limits.DEFAULT, BusSettings.DEFAULT);
    assertEquals(List.of(), kept);
    assertEquals(202, bus.push(SampleRequest.apple()).getInteger("code"));
    for (String yes : List.of("true", "yes", "1")) {
      assertEquals(200, bus.push(SampleRequest.apple(), "wait", yes).getInteger("code"));
    }
  }

  @Test
  void waitFalseHoldsWhateverTheFieldOfThatNameSays() {
    bus.dispatcher.deliverWith(push -> Promise.<Outcome>promise().future());
    JsonObject reply = bus.push(SampleRequest.apple().with("wait", "20"), "wait", "false");
    assertEquals("accepted for delivery", reply.getString("description"));
  }

  @Test
  void theFieldWaitBoundsHowLongASenderWaits() throws Exception {
    bus.dispatcher.deliverWith(push -> Promise.<Outcome>promise().future());
    Future<Long> set = bus.time.untilTimer(delay -> delay == 20_000);
    Future<Message<Object>> asked =
        eventBus()
            .request(
                "pushserver.push",
                new JsonObject(SampleRequest.apple().with("wait", "20").toString()),
                TestBus.headers("wait", "true"));
    await(set);
    bus.time.advance(Duration.ofSeconds(20));
    JsonObject reply = json(await(asked));
    MessageSchema.REPLY.assertDescribes(reply);
    assertEquals("still trying", reply.getString("description"));
  }

  @Test
  void aWrongValueOfWaitIsRefused() {
    assertRefused(
        400,
        "Header 'wait' must be true or false, not 'perhaps'",
        bus.push(SampleRequest.apple(), "wait", "perhaps"));
    assertEquals(List.of(), bus.dispatcher.pushes());
  }

  @Test
  void aFullQueueIsAReplyWithTheTimeAfterWhichToComeAgain() {
    Outcome full =
        new Outcome(Outcome.Result.OVERLOADED, new Response(503, "the queue is full", "", "{}"), 0);
    bus.dispatcher.deliverWith(push -> Future.succeededFuture(full));
    bus.dispatcher.acceptWith(Optional.of(full));
    for (String wait : List.of("true", "false")) {
      Message<Object> reply =
          bus.request(Buffer.buffer(SampleRequest.apple().bytes()), "wait", wait);
      JsonObject body = new JsonObject((Buffer) reply.body());
      assertEquals(503, body.getInteger("code"));
      assertEquals("the queue is full", body.getString("description"));
      assertEquals("1", reply.headers().get("Retry-After"));
    }
    assertNull(
        bus.request(new JsonObject(), "wait", "true").headers().get("retry-after"),
        "nothing is said about a mistake");
  }

  @Test
  void aFaultOfOursIsAReplyAndALineInTheLog() {
    bus.dispatcher.deliverWith(
        push -> {
          throw new IllegalStateException("scripted");
        });
    JsonObject reply = bus.push(SampleRequest.apple(), "sender", "gate");
    assertRefused(500, "internal error; the server's log has the cause", reply);
    assertTrue(log.lines(Level.ERROR).get(0).startsWith("a push from bus:gate failed, which is"));
    bus.dispatcher.deliverWith(push -> Future.failedFuture("scripted"));
    assertEquals(500, bus.push(SampleRequest.apple()).getInteger("code"));
    assertEquals(2, bus.answered(500));
    assertEquals(0, bus.waiting());
  }

  @Test
  void whoSendsWithoutAReplyAddressNeedNotWaitAndRefusalsAreInTheLog() throws Exception {
    bus.dispatcher.deliverWith(push -> Promise.<Outcome>promise().future());
    JsonObject good = new JsonObject(SampleRequest.apple().toString());
    eventBus().send("pushserver.push", good, TestBus.headers("wait", "true"));
    until(() -> bus.answered(202) == 1, () -> "202: " + bus.answered(202));
    assertEquals(0, bus.waiting());
    eventBus().send("pushserver.push", new JsonObject(), TestBus.headers("sender", "gate"));
    String line = log.untilLogged("refused");
    for (String part :
        List.of("status=400", "from=bus:gate", "method=SEND", "path=pushserver.push", "app-id")) {
      assertTrue(line.contains(part), line);
    }
  }

  @Test
  void whatIsPublishedIsRefusedAndToldOnce() throws Exception {
    eventBus().publish("pushserver.push", new JsonObject(SampleRequest.apple().toString()));
    String line = log.untilLogged("refused");
    assertTrue(line.contains("method=PUBLISH"), line);
    // One that comes after has passed all consumers twice.
    for (int i = 0; i < 2 * TestBus.VERTICLES; i++) {
      assertEquals(200, bus.push(SampleRequest.apple()).getInteger("code"));
    }
    assertEquals(1, log.count("refused"));
    assertEquals(1, bus.refused(400, "malformed"));
    assertEquals(2 * TestBus.VERTICLES, bus.dispatcher.pushes().size());
  }

  @Test
  void theCallerInTheLogIsTheSenderInOnePrintableWord() {
    assertEquals(200, bus.push(SampleRequest.apple()).getInteger("code"));
    assertTrue(log.untilLogged("incoming").contains(" from=bus "), log.lines()::toString);
    log.forget();
    String name = "gate\n key=admin\u202e" + "x".repeat(100);
    assertEquals(200, bus.push(SampleRequest.apple(), "sender", name).getInteger("code"));
    String line = log.untilLogged("incoming");
    assertTrue(line.contains("bus:gate??key=admin?" + "x".repeat(48)), line);
    assertTrue(!line.contains("x".repeat(49)), line);
  }

  @Test
  void withKeysASenderShowsItsKeyAndMayUseWhatItOpens() {
    List<String> kept = apply(true, Limits.DEFAULT, new BusSettings(true, keys(), "pushserver"));
    assertEquals(List.of(), kept);
    assertRefused(
        401, "An API key is needed, as header 'api-key'", bus.push(SampleRequest.apple()));
    assertRefused(
        401,
        "The API key is not known",
        bus.push(SampleRequest.apple(), "api-key", KeyHash.newKey()));
    assertRefused(
        401,
        "The API key is not known",
        bus.push(SampleRequest.apple(), "api-key", "x".repeat(10_000)));
    assertEquals(200, bus.push(SampleRequest.apple(), "api-key", KEY).getInteger("code"));
    assertRefused(
        403,
        "API key 'gateway' may not use application 'org.example.lin' on platform 'firebase'",
        bus.push(SampleRequest.linphone(), "api-key", KEY));
    assertEquals(3, bus.refused(401, "key"));
    assertEquals(1, bus.refused(403, "key_scope"));
    assertTrue(log.count("key=gateway") > 0, log.lines()::toString);
    assertEquals(0, log.count(KEY), "a key is in no log");
  }

  @Test
  void whatCannotChangeWhileItRunsIsTold() {
    assertEquals(
        List.of(
            "push: pushes from the event bus are taken until the next start",
            "prefix: the addresses on the event bus begin with pushserver until the next start"),
        apply(true, Limits.DEFAULT, new BusSettings(false, ApiKeys.OPEN, "other")));
  }

  @Test
  void aSecondServerOnTheSameBusNeedsAnotherPrefix() {
    ConfigException refused =
        assertInstanceOf(ConfigException.class, failure(bus.open(BusSettings.DEFAULT)));
    assertEquals(
        "general.ini [bus] prefix: another server uses the addresses pushserver.* on this Vert.x;"
            + " give one of the two another prefix, or a Vert.x of its own",
        refused.problems().get(0).toString());
    BusIngress other = await(bus.open(new BusSettings(true, ApiKeys.OPEN, "second")));
    Message<Object> reply =
        await(eventBus().request("second.push", new JsonObject(SampleRequest.apple().toString())));
    assertEquals(200, ((JsonObject) reply.body()).getInteger("code"));
    await(other.close());
    await(bus.ingress.close());
    await(await(bus.open(BusSettings.DEFAULT)).close());
  }

  @Test
  void whereItIsSwitchedOffNobodyTakesPushes() {
    await(bus.ingress.close());
    BusIngress off = await(bus.open(new BusSettings(false, ApiKeys.OPEN, "pushserver")));
    Throwable cause = failure(eventBus().request("pushserver.push", new JsonObject()));
    assertTrue(cause.getMessage().contains("No handlers"), cause::getMessage);
    await(off.close());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsOnItsWayWhenTheDoorClosesIsAnswered503(boolean inBytes) {
    List<Future<Message<Object>>> late = new CopyOnWriteArrayList<>();
    Promise<Void> closed = Promise.promise();
    bus.dispatcher.deliverWith(
        push -> {
          // On the event loop of a consumer, before which now lie its end and the messages. They
          // are another thread's: what this one asks ends with its verticle.
          if (late.isEmpty()) {
            bus.ingress.close().onComplete(closed);
            late.addAll(
                CompletableFuture.supplyAsync(() -> ask(2 * TestBus.VERTICLES, inBytes)).join());
          }
          return Future.succeededFuture(ScriptedDispatcher.DELIVERED);
        });
    assertEquals(200, bus.push(SampleRequest.apple()).getInteger("code"));
    await(closed.future());
    List<JsonObject> replies = awaitAll(late).stream().map(BusIngressIT::json).toList();
    List<JsonObject> discarded =
        replies.stream().filter(reply -> reply.getInteger("code") == 503).toList();
    discarded.forEach(reply -> assertRefused(503, "The server is shutting down", reply));
    assertTrue(
        replies.stream().allMatch(reply -> Set.of(200, 503).contains(reply.getInteger("code"))),
        replies::toString);
  }

  private static JsonObject json(Message<Object> reply) {
    return reply.body() instanceof Buffer bytes ? new JsonObject(bytes) : (JsonObject) reply.body();
  }

  private List<Future<Message<Object>>> ask(int times, boolean inBytes) {
    List<Future<Message<Object>>> replies = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      Object body =
          inBytes
              ? Buffer.buffer(SampleRequest.apple().bytes())
              : new JsonObject(SampleRequest.apple().toString());
      replies.add(eventBus().request("pushserver.push", body));
    }
    return replies;
  }
}
