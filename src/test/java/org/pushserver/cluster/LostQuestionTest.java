// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.until;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pushserver.dispatch.CallCancel;
import org.pushserver.dispatch.RungDevice;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;

/** A connection between two servers breaks while a push goes over, and both stay members. */
class LostQuestionTest extends ManyServers {
  private static final CallCancel CANCEL = new CallCancel("call", Set.of(), Set.of(), app -> true);

  @Test
  void aPushThatIsLostOnItsWayToItsServerIsHandedToItOnceMore() throws Exception {
    startThree();
    // Until nobody looks for it where it was before they came.
    pass(Duration.ofSeconds(66));
    List<ServerOfMany> order = order("call");
    order.get(0).service.window(10);
    network.lose(PushQuestion.NAME);

    Future<Outcome> end = deliver(order.get(1), ring("call"));
    untilSent(order.get(0), 1);
    order.get(0).service.deliverAll();

    assertEquals(Result.DELIVERED, await(end).result());
  }

  @Test
  void aPushThatIsHandedOverOnceMoreIsSentOnce() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    Future<Outcome> end = deliver(order.get(1), ring("call"));
    pass(Duration.ofSeconds(2));
    pass(Duration.ofSeconds(9));
    order.get(0).service.window(10);
    untilSent(order.get(0), 1);
    order.get(0).service.deliverAll();

    assertEquals(Result.DELIVERED, await(end).result());
    assertEquals(1, counts(order.get(0)).accepted());
  }

  @Test
  void aWithdrawalThatIsLostOnItsWayReachesItsRingAllTheSame() throws Exception {
    startThree();
    pass(Duration.ofSeconds(66));
    List<ServerOfMany> order = order("call");
    Future<Outcome> ring = deliver(order.get(0), ring("call"));
    until(() -> counts(order.get(0)).accepted() == 1, () -> "no ring");
    network.lose(PushQuestion.NAME);

    Future<Optional<Outcome>> withdrawn = withdraw(order.get(1));
    pass(Duration.ofSeconds(2));
    order.get(0).service.window(10);
    untilTrue(() -> ring.isComplete() && withdrawn.isComplete(), "the ring is on its way");

    assertEquals(Result.SUPERSEDED, await(ring).result());
    assertTrue(await(withdrawn).isPresent());
    assertEquals(List.of(), order.get(0).service.sent());
  }

  @Test
  void aWithdrawalThatIsAskedForOnceMoreHasItsFirstAnswer() throws Exception {
    startThree();
    pass(Duration.ofSeconds(66));
    List<ServerOfMany> order = order("call");
    order.get(0).service.window(1);
    Future<Outcome> ring = deliver(order.get(0), ring("call"));
    untilSent(order.get(0), 1);

    Future<Optional<Outcome>> withdrawn = withdraw(order.get(1));
    pass(Duration.ofSeconds(2));
    pass(Duration.ofSeconds(9));
    order.get(0).service.deliverAll();
    untilTrue(withdrawn::isComplete, "no answer");

    assertEquals(Result.DELIVERED, await(ring).result());
    assertTrue(await(withdrawn).isPresent());
    assertEquals(2, counts(order.get(0)).accepted());
  }

  @Test
  void aCancelByItsCallIdThatIsLostOnItsWayFindsWhomItsServerRings() throws Exception {
    startThree();
    pass(Duration.ofSeconds(66));
    List<ServerOfMany> order = order("call");
    Future<Outcome> ring = deliver(order.get(0), ring("call"));
    until(() -> counts(order.get(0)).accepted() == 1, () -> "no ring");
    network.lose(CallQuestion.NAME);

    Future<List<RungDevice>> rung = order.get(1).at(() -> order.get(1).dispatcher.cancel(CANCEL));
    untilTrue(rung::isComplete, "no answer");

    assertEquals(1, await(rung).size());
    assertFalse(ring.isComplete());
  }

  @Test
  void whoCancelsACallOnceMoreBecauseNoAnswerCameIsToldTheSame() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    Future<Outcome> unused = deliver(order.get(0), ring("call"));
    until(() -> counts(order.get(0)).accepted() == 1, () -> "no ring");

    assertEquals(1, cancelled(order, "one").size());
    assertEquals(1, cancelled(order, "one").size());
    assertEquals(0, cancelled(order, "other").size());
    assertEquals(0, cancelled(order, null).size());
  }

  private static List<RungDevice> cancelled(List<ServerOfMany> order, String id) {
    return CallQuestion.devices(
        await(
            order
                .get(1)
                .nodes
                .ask(
                    order.get(0).nodes.self(),
                    CallQuestion.NAME,
                    new CallQuestion(CANCEL, id).bytes(List.of(ServerOfMany.KEY)),
                    Duration.ofMinutes(1))));
  }

  /** Asks for it; then it has been asked. */
  private Future<Optional<Outcome>> withdraw(ServerOfMany at) {
    Future<Optional<Outcome>> answer =
        at.at(() -> at.dispatcher.withdraw(push(Event.CANCEL, "call")));
    untilItHasAsked(at);
    return answer;
  }
}
