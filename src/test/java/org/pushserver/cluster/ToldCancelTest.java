// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.until;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pushserver.cluster.PushQuestion.Task;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;

/** Whoever was told that his call is cancelled hears it ring no more, though a server dies then. */
class ToldCancelTest extends ManyServers {
  private static final Duration LONG = Duration.ofMinutes(1);

  private static void untilWithdrawn(ServerOfMany server) throws Exception {
    until(() -> counts(server).ended(Result.SUPERSEDED) > 0, () -> "not withdrawn");
  }

  private static List<Event> sent(ServerOfMany server) {
    return server.service.sent().stream().map(Push::event).toList();
  }

  private void untilTold(Future<Outcome> cancel) throws Exception {
    untilTrue(
        () -> {
          servers.forEach(server -> server.service.deliverAll());
          return cancel.isComplete();
        },
        "not told");
  }

  @Test
  void aCancelIsNotToldBeforeTheServerWithTheCopyOfItsRingKnowsIt() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    acceptAndCopy(order, ring("call"));
    // Nobody else hears of anything any more.
    clock(order.get(0)).stop();

    Future<Outcome> cancel = deliver(order.get(2), push(Event.CANCEL, "call"));
    untilWithdrawn(order.get(0));
    pass(MOMENT);

    assertFalse(cancel.isComplete());
    clock(order.get(0)).goOn();
    untilTold(cancel);
    assertEquals("nothing to cancel", await(cancel).response().reason());
    order.get(1).service.window(10);
    kill(order.get(0));
    pass(MOMENT);
    assertEquals(List.of(), sent(order.get(1)));
  }

  @Test
  void aCancelThatWasNotToldWhenItsServerDiedIsSentAfterItsRing() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    acceptAndCopy(order, ring("call"));
    order.get(1).service.window(10);
    clock(order.get(0)).stop();
    Future<Outcome> cancel = deliver(order.get(2), push(Event.CANCEL, "call"));
    untilWithdrawn(order.get(0));

    kill(order.get(0));
    untilTold(cancel);
    clock(order.get(0)).goOn();

    List<Event> sent = sent(order.get(1));
    assertEquals(Event.CANCEL, sent.get(sent.size() - 1));
    assertEquals(Result.DELIVERED, await(cancel).result());
  }

  @Test
  void aCancelIsNotSentBeforeTheServerWithTheCopyOfItsRingKnowsIt() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    order.get(0).service.window(10);
    Future<Outcome> ring = deliver(order.get(0), ring("call"));
    untilSent(order.get(0), 1);
    untilCopied(order.get(1), 1);
    clock(order.get(0)).stop();
    Future<Outcome> cancel = deliver(order.get(2), push(Event.CANCEL, "call"));
    until(() -> counts(order.get(0)).accepted() == 2, () -> "no cancel");

    order.get(0).service.deliverAll();
    assertEquals(Result.DELIVERED, await(ring).result());
    pass(MOMENT);

    assertEquals(1, order.get(0).service.sent().size());
    clock(order.get(0)).goOn();
    untilSent(order.get(0), 2);
    untilTold(cancel);
    assertEquals(Result.DELIVERED, await(cancel).result());
  }

  @Test
  void thatNothingCanBeWithdrawnIsNotToldBeforeTheNextServerKnowsTheCancel() throws Exception {
    startThree();
    ServerOfMany owner = order("call").get(0);
    clock(owner).stop();

    Future<Optional<Outcome>> end =
        owner.at(() -> owner.dispatcher.withdraw(push(Event.CANCEL, "call")));
    pass(MOMENT);

    assertFalse(end.isComplete());
    clock(owner).goOn();
    untilTrue(end::isComplete, "not told");
    assertEquals(Optional.empty(), await(end));
  }

  @Test
  void aServerThatDoesNotAnswerIsNotAwaitedForLong() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    acceptAndCopy(order, ring("call"));
    network.silence(order.get(1).nodes);

    Future<Outcome> cancel = deliver(order.get(2), push(Event.CANCEL, "call"));
    untilWithdrawn(order.get(0));
    pass(Duration.ofSeconds(1));
    assertFalse(cancel.isComplete());
    pass(Duration.ofSeconds(2));
    untilTold(cancel);

    Future<Outcome> next = deliver(order.get(2), push(Event.CANCEL, "call"));
    order.get(0).service.window(10);
    until(() -> order.get(0).service.sent().size() == 1, () -> "the next one waits, too");
    untilTold(next);
  }

  @Test
  void aRingThatIsAskedForAgainAtTheNextServerDoesNotRingAfterItsCancel() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    Push ring = ring("call");
    acceptAndCopy(order, ring);
    untilTold(deliver(order.get(2), push(Event.CANCEL, "call")));
    untilCopied(order.get(1), 0);
    order.get(1).service.window(10);
    kill(order.get(0));

    // As a door asks that has not got the answer of the one that died.
    Buffer again = new PushQuestion(Task.DELIVER, ring, true).bytes(time.now());
    Buffer reply =
        await(order.get(2).nodes.ask(order.get(1).nodes.self(), PushQuestion.NAME, again, LONG));

    assertEquals(Result.SUPERSEDED, PushReply.read(reply).outcome().result());
    assertEquals(List.of(), sent(order.get(1)));
  }

  @Test
  void aRingWhoseCopyCameAfterItsCancelDoesNotRing() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    Future<Outcome> unused = deliver(order.get(0), ring("call"));
    until(() -> counts(order.get(0)).accepted() == 1, () -> "no ring");
    network.silence(order.get(1).nodes);
    pass(Duration.ofMillis(300));
    Future<Outcome> cancel = deliver(order.get(1), push(Event.CANCEL, "call"));
    pass(Duration.ofMillis(300));
    network.speak(order.get(1).nodes);
    untilCopied(order.get(1), 1);
    order.get(1).service.window(10);

    kill(order.get(0));
    untilTold(cancel);
    pass(MOMENT);

    assertEquals(List.of(Event.CANCEL), sent(order.get(1)));
  }

  @Test
  void aRingThatCameAfterItsCancelAtItsServerBecauseThatHadStoodStillDoesNotRing()
      throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    order.get(0).service.window(10);
    Push ring = ring("call");
    pass(MOMENT);
    Future<Outcome> cancel = deliver(order.get(1), push(Event.CANCEL, "call"));
    untilSent(order.get(0), 1);
    untilTold(cancel);

    // As a door asks that was told to come later.
    Buffer asked = new PushQuestion(Task.DELIVER, ring, false).bytes(time.now());
    Nodes door = order.get(2).nodes;
    Buffer reply = await(door.ask(order.get(0).nodes.self(), PushQuestion.NAME, asked, LONG));

    assertEquals(Result.SUPERSEDED, PushReply.read(reply).outcome().result());
    assertEquals(List.of(Event.CANCEL), sent(order.get(0)));
  }

  @Test
  void aRingThatIsAskedForAnewAfterItsCancelRings() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    order.get(0).service.window(10);
    Future<Outcome> cancel = deliver(order.get(1), push(Event.CANCEL, "call"));
    untilSent(order.get(0), 1);
    untilTold(cancel);
    pass(TICK);

    Future<Outcome> ring = deliver(order.get(1), ring("call"));
    untilSent(order.get(0), 2);
    untilTold(ring);

    assertEquals(Result.DELIVERED, await(ring).result());
  }
}
