// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.queue.SampleAnswers.delivered;
import static org.pushserver.queue.SampleAnswers.later;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushserver.audit.PushLog;
import org.pushserver.fake.LogTrail;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.queue.SendQueueModel.Request;
import org.pushserver.spi.SamplePush;
import org.pushserver.spi.TokenForm;

/** What a send queue does by itself, whatever its pushes mean to each other. */
class SendQueueTest {
  private static final Duration LIFE = Duration.ofSeconds(64);

  private final LogTrail log = new LogTrail();
  private final SendQueueModel model = new SendQueueModel(1);

  @AfterEach
  void close() {
    log.close();
  }

  @CanIgnoreReturnValue
  private Request ring(String callId) {
    return model.arrive(Event.INCOMING_SESSION, callId, "phone", LIFE, true);
  }

  private List<String> sent() {
    return model.sent.stream().map(Push::callId).toList();
  }

  @Test
  void afterAReloadWhatWaitsGoesToTheNewServiceInItsOrder() {
    ring("in flight");
    ring("first");
    ring("second");
    model.reload(2);
    assertEquals(List.of("in flight", "first", "second"), sent());
    assertEquals(2, model.service().open.size());
    model.finish();
  }

  @Test
  void whatComesBackFromTheOldServiceIsTriedWithTheNew() {
    ring("a");
    model.reload(1);
    model.answer(0, later(Duration.ofSeconds(1)));
    model.advance(Duration.ofSeconds(1));
    assertEquals(List.of("a", "a"), sent());
    assertEquals(1, model.service().open.size());
    model.finish();
  }

  /** As when it goes to a host that is down, while those of others are up. */
  @Test
  void whatIsNotSentThoughThereIsRoomWaitsAndHoldsUpNothingElse() {
    ring("down");
    ring("other");
    model.fail(0, true);
    assertEquals(List.of("down", "down"), sent(), "once again at once");
    model.fail(0, true);
    assertEquals(List.of("down", "down", "other"), sent());
    model.answer(0, delivered());
    assertEquals(3, sent().size());
    model.advance(Duration.ofSeconds(1));
    assertEquals(List.of("down", "down", "other", "down"), sent());
    model.answer(0, delivered());
    model.finish();
  }

  @Test
  void theOldServiceIsLeftWhenItsLastAttemptHasEnded() {
    ring("a");
    ActiveService next =
        new ActiveService(
            SampleAnswers.delivery(1),
            (push, now) -> SampleAnswers.PAYLOAD,
            new LooseService(1, push -> {}));
    Future<Void> left = model.sendQueue.switchTo(next, new PushLog(model.time));
    assertFalse(left.isComplete());
    model.answer(0, delivered());
    assertTrue(left.isComplete());
  }

  @Test
  void aBurstLeavesTheEventLoopToOthersInBetween() {
    List<Runnable> later = new ArrayList<>();
    LooseService service = new LooseService(0, push -> {});
    SendQueue sendQueue = sendQueue(service, later::add);
    for (int i = 0; i < 500; i++) {
      Push push = SamplePush.of(Event.INCOMING_SESSION).callId("c" + i).push();
      assertTrue(NotingCaller.take(sendQueue, push, null).isEmpty());
    }
    service.window = 1_000;
    sendQueue.sendWhatMayGo();
    int turns = 1;
    int before = 0;
    while (!later.isEmpty()) {
      assertTrue(service.open.size() - before <= 64, "too many in one turn");
      before = service.open.size();
      later.remove(0).run();
      turns++;
    }
    assertEquals(500, service.open.size());
    assertTrue(turns >= 500 / 64, "in " + turns + " turns");
  }

  @Test
  void whatIsGivenUpLeavesTheEventLoopToOthersInBetween() {
    List<Runnable> later = new ArrayList<>();
    List<Outcome> told = new ArrayList<>();
    SendQueue sendQueue = sendQueue(new LooseService(0, push -> {}), later::add);
    for (int i = 0; i < 500; i++) {
      Push push = SamplePush.of(Event.INCOMING_SESSION).callId("c" + i).push();
      assertTrue(NotingCaller.take(sendQueue, push, told::add).isEmpty());
    }
    Future<Integer> left = sendQueue.giveUp(503, "the server is shutting down");
    int before = 0;
    while (!later.isEmpty()) {
      assertTrue(told.size() - before <= 64, "too many in one turn");
      before = told.size();
      later.remove(0).run();
    }
    assertEquals(500, left.result());
    assertEquals(500, told.size());
  }

  @Test
  void whatIsAbandonedIsNotSentInBetween() {
    List<Runnable> later = new ArrayList<>();
    LooseService service = new LooseService(0, push -> {});
    SendQueue sendQueue = sendQueue(service, later::add);
    for (int i = 0; i < 200; i++) {
      Push push = SamplePush.of(Event.INCOMING_SESSION).callId("c" + i).push();
      assertTrue(NotingCaller.take(sendQueue, push, null).isEmpty());
    }
    Future<Integer> left = sendQueue.abandonWaiting(404, "the application is no longer configured");
    service.window = 1_000;
    sendQueue.sendWhatMayGo();
    while (!later.isEmpty()) {
      later.remove(0).run();
    }
    assertEquals(200, left.result());
    assertEquals(0, service.open.size());
    assertEquals(200, sendQueue.counts().ended(Result.ABANDONED));
  }

  private SendQueue sendQueue(LooseService service, Executor nextTurn) {
    return new SendQueue(
        new ActiveService(
            SampleAnswers.delivery(1_000), (push, now) -> SampleAnswers.PAYLOAD, service),
        TokenForm.PRINTABLE,
        model.time,
        new PushLog(model.time),
        model.memory,
        PushStore.IN_MEMORY,
        RepeatGuard.NEVER,
        nextTurn);
  }

  @Test
  void whatIsGivenUpIsAnsweredWhereverItIs() {
    Request backingOff = ring("backing off");
    model.answer(0, later(Duration.ofSeconds(30)));
    Request inFlight = ring("in flight");
    Request cancel = model.arrive(Event.CANCEL, "in flight", "phone", LIFE, true);
    Request queued = ring("queued");
    assertEquals(4, model.sendQueue.giveUp(503, "the server is shutting down").result());
    for (Request request : List.of(backingOff, inFlight, cancel, queued)) {
      assertEquals(Result.ABANDONED, request.outcome().orElseThrow().result());
    }
    assertTrue(model.sendQueue.counts().balances());
    assertEquals(0, model.time.pending(), "no timer is left");
  }
}
