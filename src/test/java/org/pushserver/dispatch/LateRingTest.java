// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.pushserver.fake.Await.await;
import static org.pushserver.queue.SampleAnswers.delivered;
import static org.pushserver.queue.SampleAnswers.later;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.pushserver.api.ApiResponse;
import org.pushserver.api.AskedPush;
import org.pushserver.api.PushApi;
import org.pushserver.dispatch.ScriptedService.Attempt;

/**
 * A proxy gives up a call after 4 s, while the push service is in trouble for 10: no ring after.
 */
class LateRingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(4);
  private static final Duration TROUBLE = Duration.ofSeconds(10);
  private static final String CANCEL =
      "{\"event\":\"cancel\",\"call-id\":\"1@x\",\"reason\":\"timeout\"}";

  @RegisterExtension private final AppFixture app = AppFixture.started(1);
  private final PushApi api = new PushApi(app.fleet, app.time);
  private final ScriptedService service = app.service;

  private static AskedPush ring(String further) {
    return new AskedPush(
        "{\"app-id\":\"com.example.phone\",\"platform\":\"apple\",\"token\":\"aa-bb\","
            + "\"event\":\"incoming_session\",\"call-id\":\"1@x\",\"media-type\":\"audio\","
            + "\"from\":\"a\",\"to\":\"b\""
            + further
            + "}");
  }

  private Future<ApiResponse> ask(AskedPush asked) {
    return app.onCaller(() -> api.push(asked));
  }

  private JsonObject cancel() {
    return new JsonObject(await(ask(new AskedPush(CANCEL))).body());
  }

  /** Nothing can be sent, as when the connection is down. */
  private void down() throws Exception {
    service.window(0);
    app.settle();
  }

  private void upAgain() throws Exception {
    service.window(1);
    app.advance(Duration.ofMinutes(2));
  }

  @Test
  void withATtlTheRingIsGivenUpWithTheCall() throws Exception {
    down();
    Future<ApiResponse> answer = ask(ring(",\"ttl\":4"));
    app.advance(PATIENCE);
    assertEquals(504, await(answer).status());
    app.advance(TROUBLE.minus(PATIENCE));
    upAgain();
    assertEquals(List.of(), service.sent());
  }

  @Test
  void withATtlARingThatIsTriedAgainIsGivenUpToo() throws Exception {
    Future<ApiResponse> answer = ask(ring(",\"ttl\":4"));
    await(service.next()).answer(later(Duration.ofSeconds(2)));
    app.advance(Duration.ofSeconds(2));
    await(service.next()).answer(later(Duration.ofSeconds(5)));
    app.settle();
    assertEquals(504, await(answer).status());
    app.advance(TROUBLE);
    assertEquals(2, service.sent().size());
  }

  @Test
  void aCancelByCallIdAfterTheWaitWithdrawsTheRing() throws Exception {
    down();
    Future<ApiResponse> answer = ask(ring(",\"wait\":4"));
    app.advance(PATIENCE);
    assertEquals(202, await(answer).status());
    assertEquals("1 of 1 cancelled", cancel().getString("description"));
    assertEquals("nothing to cancel", cancel().getString("description"), "sent twice");
    upAgain();
    assertEquals(List.of(), service.sent());
  }

  @Test
  void aProxyThatDidNotWaitCancelsByCallIdToo() throws Exception {
    down();
    assertEquals(202, await(ask(ring(",\"wait\":0"))).status());
    JsonObject told = cancel().getJsonObject("data");
    assertEquals(1, told.getInteger("withdrawn"));
    upAgain();
    assertEquals(List.of(), service.sent());
  }

  @Test
  void aClientThatClosesItsConnectionTakesItsRingBack() throws Exception {
    down();
    AskedPush asked = ring("").cancelledWhenGone();
    Future<ApiResponse> answer = ask(asked);
    app.settle();
    await(app.onCaller(() -> gone(asked)));
    assertEquals(409, await(answer).status());
    upAgain();
    assertEquals(List.of(), service.sent());
  }

  private static Future<Void> gone(AskedPush asked) {
    asked.leave();
    return Future.succeededFuture();
  }

  @Test
  void aRingThatHadBeenSentIsCancelledOnThePhone() throws Exception {
    AskedPush asked = ring("").cancelledWhenGone();
    Future<ApiResponse> answer = ask(asked);
    Attempt attempt = await(service.next());
    await(app.onCaller(() -> gone(asked)));
    app.settle();
    attempt.answer(delivered());
    Attempt cancel = await(service.next());
    assertEquals("cancel", cancel.push.event().name());
    assertEquals("timeout", cancel.push.details().reason());
    cancel.answer(delivered());
    assertEquals(200, await(answer).status());
  }

  @Test
  void aRingThatAnotherClientWantsRingsAllTheSame() throws Exception {
    down();
    AskedPush first = ring("").cancelledWhenGone();
    Future<ApiResponse> answer = ask(first);
    Future<ApiResponse> again = ask(ring("").cancelledWhenGone());
    app.settle();
    await(app.onCaller(() -> gone(first)));
    service.window(1);
    await(service.next()).answer(delivered());
    assertEquals(200, await(again).status());
    assertEquals(200, await(answer).status());
    assertEquals(List.of("1@x"), service.sent());
  }

  @Test
  void aClientThatHasItsAnswerMayGo() throws Exception {
    AskedPush asked = ring("").cancelledWhenGone();
    Future<ApiResponse> answer = ask(asked);
    await(service.next()).answer(delivered());
    assertEquals(200, await(answer).status());
    await(app.onCaller(() -> gone(asked)));
    app.settle();
    assertEquals(List.of("1@x"), service.sent());
  }

  @Test
  void aRingThatComesAfterItsCancelIsNotSent() throws Exception {
    assertEquals("nothing to cancel", cancel().getString("description"));
    Future<ApiResponse> answer = ask(ring(""));
    assertEquals(409, await(answer).status());
    assertEquals(List.of(), service.sent());
    assertFalse(app.log.lines().isEmpty());
  }

  @Test
  void aPhoneThatRangIsToldOnce() throws Exception {
    Future<ApiResponse> answer = ask(ring(""));
    await(service.next()).answer(delivered());
    assertEquals(200, await(answer).status());
    Future<ApiResponse> cancelled = ask(new AskedPush(CANCEL));
    Attempt cancel = await(service.next());
    Future<ApiResponse> repeated = ask(new AskedPush(CANCEL));
    assertEquals(
        "nothing to cancel", new JsonObject(await(repeated).body()).getString("description"));
    cancel.answer(delivered());
    assertEquals(
        new JsonObject().put("cancelled", 1).put("withdrawn", 0).put("pushed", 1).put("untold", 0),
        new JsonObject(await(cancelled).body()).getJsonObject("data"));
    assertEquals(2, service.sent().size());
  }
}
