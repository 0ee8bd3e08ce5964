// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pushserver.cluster.SignOfLife.Sign;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;

/**
 * A server stood still, and reads what was asked of it meanwhile while the others have left it out:
 * they hear it, and their answers do not find back.
 */
class LeftOutTest extends ManyServers {
  private List<ServerOfMany> order;

  @BeforeEach
  void start() throws Exception {
    startThree();
    order = order("call");
    // Until nobody looks for it where it was before they came.
    pass(Duration.ofSeconds(66));
    servers.forEach(server -> server.service.window(10));
  }

  private ServerOfMany still() {
    return order.get(2);
  }

  /** It goes on, and knows that it stood still, before it sees that the others are not there. */
  private void standStillAndBeLeftOut() throws Exception {
    clock(still()).stop();
    pass(Duration.ofSeconds(3));
    clock(still()).goOn();
    untilTrue(still().shared.store()::isOwn, "it does not go on");
    network.leaveOut(still().nodes);
  }

  /** The one that a call belongs to has rung; nobody hears that. */
  private Future<Outcome> ringInVain() throws Exception {
    Future<Outcome> end = deliver(still(), ring("call"));
    untilSent(order.get(0), 1);
    order.get(0).service.deliverAll();
    untilTrue(() -> counts(order.get(0)).ended(Result.DELIVERED) == 1, "not delivered");
    return end;
  }

  /** It sees nobody else; they answer at their doors. */
  private void seeTheOthersLeave(Sign doors) throws Exception {
    servers.forEach(server -> signs.put(server.nodes.self().name(), doors));
    network.cut(still().nodes);
    network.speak(still().nodes);
    untilTrue(() -> still().shared.members() == 1, "they are still there");
  }

  @Test
  void whatAnotherHasSentForItIsNotSentOnceMoreBeforeItBelongsToThemAgain() throws Exception {
    standStillAndBeLeftOut();
    Future<Outcome> end = ringInVain();
    seeTheOthersLeave(Sign.ALIVE);
    for (int seconds = 0; seconds < 6; seconds++) {
      pass(Duration.ofSeconds(1));
    }

    network.merge();
    untilTrue(end::isComplete, "no answer");

    assertEquals(Result.DELIVERED, await(end).result());
    assertEquals(List.of(), still().service.sent());
  }

  /** Who has just left it out may say no, or nothing, while it still sees him. */
  @Test
  void itPassesOverNobodyWhoDoesNotAnswerAMomentAfterIt() throws Exception {
    standStillAndBeLeftOut();
    order.get(0).nodes.answer(PushQuestion.NAME, (asks, push) -> Future.failedFuture("too late"));
    network.speak(still().nodes);

    Future<Outcome> end = deliver(still(), ring("call"));
    for (int tenths = 0; tenths < 50; tenths++) {
      pass(Duration.ofMillis(100));
    }
    assertEquals(List.of(), order.get(1).service.sent());

    untilTrue(
        () -> {
          order.get(1).service.deliverAll();
          return end.isComplete();
        },
        "no answer");
    assertEquals(Result.DELIVERED, await(end).result());
  }

  /** Its call is this server's own while nobody else is there. */
  @Test
  void whatWasCancelledHereBeforeItBelongsToThemAgainDoesNotRingAnywhere() throws Exception {
    standStillAndBeLeftOut();
    network.lose(PushQuestion.NAME);
    Future<Outcome> end = deliver(still(), ring("call"));
    untilItHasAsked(still());
    seeTheOthersLeave(Sign.ALIVE);
    Future<Outcome> cancel = deliver(still(), push(Event.CANCEL, "call"));
    untilTrue(
        () -> {
          still().service.deliverAll();
          return cancel.isComplete();
        },
        "no answer");
    assertEquals(1, still().service.sent().size(), still().service.sent()::toString);

    network.merge();
    untilTrue(end::isComplete, "no answer");

    assertEquals(Result.SUPERSEDED, await(end).result());
    assertEquals(List.of(), order.get(0).service.sent());
  }

  @Test
  void itSendsItselfWhenTheOthersDoNotComeBack() throws Exception {
    standStillAndBeLeftOut();
    Future<Outcome> end = ringInVain();
    seeTheOthersLeave(Sign.ALIVE);
    long began = time.now();

    untilSent(still(), 1);
    still().service.deliverAll();

    assertEquals(Result.DELIVERED, await(end).result());
    assertTrue(time.now() - began < 15_000, "much later");
  }
}
