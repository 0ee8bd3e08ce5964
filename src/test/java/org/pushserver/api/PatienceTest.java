// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushserver.dispatch.RungDevice;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.AppKey;
import org.pushserver.push.Device;
import org.pushserver.push.Outcome;
import org.pushserver.spi.Delivery;

/** Who waits for an answer, and for how long. */
class PatienceTest {
  private final ManualTime time = new ManualTime();
  private final ScriptedDispatcher dispatcher = ScriptedDispatcher.withSamples();
  private final PushApi api = new PushApi(dispatcher, time);
  private final Promise<Outcome> end = Promise.promise();
  private final LogTrail log = new LogTrail();

  PatienceTest() {
    dispatcher.deliverWith(push -> end.future());
  }

  @AfterEach
  void close() {
    log.close();
  }

  private Future<ApiResponse> ask(SampleRequest request, boolean waits) {
    return api.push(new AskedPush(request.toString(), SampleRequest.CALLER, waits));
  }

  private static SampleRequest waiting(String seconds) {
    return SampleRequest.firebase().with("wait", seconds);
  }

  @Test
  void afterItsWaitASenderIsToldThatTheServerIsStillTrying() {
    Future<ApiResponse> answer = ask(waiting("2.5"), true);
    time.advance(Duration.ofMillis(2_499));
    assertFalse(answer.isComplete());
    time.advance(Duration.ofMillis(1));
    assertEquals(202, answer.result().status());
    assertEquals(
        "{\"code\":202,\"description\":\"still trying\",\"data\":{\"platform\":\"firebase\","
            + "\"call_id\":\"Y2NlNzg0@192.0.2.1\",\"token\":\""
            + SampleRequest.FCM_TOKEN
            + "\"}}",
        answer.result().body().toString());
    end.complete(ScriptedDispatcher.DELIVERED);
    assertEquals(202, answer.result().status());
  }

  @Test
  void anAnswerThatComesBeforeIsToldAndLeavesNoTimer() {
    Future<ApiResponse> answer = ask(waiting("5"), true);
    assertEquals(1, time.pending());
    end.complete(ScriptedDispatcher.DELIVERED);
    assertEquals(200, answer.result().status());
    assertEquals(0, time.pending());
  }

  @Test
  void whoSaysNothingCostsNoTimer() {
    Future<ApiResponse> answer = ask(SampleRequest.firebase(), true);
    assertEquals(0, time.pending());
    assertFalse(answer.isComplete());
  }

  @Test
  void aWaitOfNothingIsTheModeThatDoesNotWait() {
    Future<ApiResponse> answer = ask(waiting("0"), true);
    assertEquals(
        "{\"code\":202,\"description\":\"accepted for delivery\",\"data\":{}}",
        answer.result().body().toString());
    assertEquals(0, time.pending());
  }

  @Test
  void aWaitCountsAlsoWhereTheServerDoesNotLetSendersWait() {
    assertEquals(202, ask(SampleRequest.firebase(), false).result().status());
    Future<ApiResponse> answer = ask(waiting("5"), false);
    end.complete(ScriptedDispatcher.DELIVERED);
    assertEquals(200, answer.result().status());
  }

  @Test
  void aCancelThatIsRefusedIsRefusedAtOnceWhoeverWaits() {
    Promise<Optional<Outcome>> withdrawal = Promise.promise();
    dispatcher.withdrawWith(withdrawal.future());
    Future<ApiResponse> answer = ask(SampleRequest.linphone().withText("event", "cancel"), false);
    assertEquals(0, time.pending(), "no time is over before it is known");
    withdrawal.complete(Optional.empty());
    assertEquals(400, ((RequestRefused) answer.cause()).status());
  }

  private static String description(Future<ApiResponse> answer) {
    return new JsonObject(answer.result().body()).getString("description");
  }

  @Test
  void whoSaysNothingWaitsAndLivesAsItsApplicationSays() {
    Delivery usual = Delivery.DEFAULT;
    dispatcher.with(
        "com.example.phone",
        AppKey.FIREBASE,
        ScriptedDispatcher.Type.SYLK,
        new Delivery(
            usual.callDeadline(),
            usual.messageDeadline(),
            usual.requestTimeout(),
            usual.maxQueue(),
            usual.maxConnections(),
            Duration.ofSeconds(20),
            Duration.ofSeconds(3)));
    Future<ApiResponse> answer = ask(SampleRequest.firebase(), true);
    assertEquals(20_000, dispatcher.pushes().get(0).remaining(time.now()));
    Future<ApiResponse> longer = ask(waiting("5"), true);
    time.advance(Duration.ofSeconds(3));
    assertEquals("still trying", description(answer));
    assertFalse(longer.isComplete());
  }

  @Test
  void theSameAsAFormIsOneLine() {
    Future<ApiResponse> answer = ask(waiting("1").withText("answer", "form"), true);
    time.advance(Duration.ofSeconds(1));
    assertEquals("code=202&description=still+trying", answer.result().body().toString());
  }

  @Test
  void whoWritesHisOwnAnswerIsToldNothingWhenHisTimeIsOver() {
    RequestFields fields = JsonReader.read(waiting("1").bytes(), SampleRequest.JSON);
    Future<Optional<Outcome>> told = api.send(fields, new AskedPush("{}")).end();
    assertFalse(told.isComplete());
    time.advance(Duration.ofSeconds(1));
    assertEquals(Optional.empty(), told.result());
  }

  @Test
  void aCancelOfAllDevicesIsAnsweredInTimeToo() {
    dispatcher.rang(
        new RungDevice(
            new AppKey("com.example.phone", AppKey.FIREBASE),
            new Device("t", null),
            "a",
            null,
            "b",
            "audio",
            null));
    Future<ApiResponse> answer =
        api.push(new AskedPush("{\"event\":\"cancel\",\"call-id\":\"1@x\",\"wait\":1,\"ttl\":5}"));
    assertEquals(5_000, dispatcher.pushes().get(0).remaining(time.now()));
    time.advance(Duration.ofSeconds(1));
    assertEquals(
        new JsonObject().put("devices", 1),
        new JsonObject(answer.result().body()).getJsonObject("data"));
    end.complete(ScriptedDispatcher.DELIVERED);
  }

  @Test
  void whatHasEndedIsNotWaitedFor() {
    Future<String> ended = Future.succeededFuture("end");
    assertSame(ended, Patience.of(1_000, true).within(ended, time, () -> "instead"));
    assertEquals(List.of(), log.lines());
  }

  @Test
  void whatFailsFails() {
    Promise<String> failing = Promise.promise();
    Future<String> told = Patience.of(1_000, true).within(failing.future(), time, () -> "instead");
    failing.fail("no");
    assertEquals("no", told.cause().getMessage());
    assertEquals(0, time.pending());
  }
}
