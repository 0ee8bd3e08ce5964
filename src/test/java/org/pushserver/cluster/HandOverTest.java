// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.until;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.cluster.SignOfLife.Sign;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.queue.DeliveredPush;
import org.pushserver.queue.HandStore;
import org.pushserver.queue.KeptPush;
import org.pushserver.queue.Meanwhile;
import org.pushserver.wire.PushBytes;

/** A server that stops lets others go on with what waits, at once. */
class HandOverTest extends ManyServers {
  private final HandStore disk = new HandStore();

  private static void untilAccepted(ServerOfMany server, int count) throws Exception {
    until(() -> counts(server).accepted() == count, () -> "accepted " + counts(server).accepted());
  }

  /** Lets a server stop; it takes nothing new any more. {@return its end} */
  private static Future<Void> closing(ServerOfMany server) throws Exception {
    Future<Void> closed = server.fleet.close();
    until(server.fleet::isClosing, () -> "not closing");
    return closed;
  }

  private void assertNoTimeWasWaited(long began) {
    long ms = TimeUnit.NANOSECONDS.toMillis(time.nanos() - began);
    assertTrue(ms < ServerOfMany.DRAIN.toMillis(), () -> "only after " + ms + " ms");
  }

  @Test
  void whatWaitsGoesToTheNextServerBeforeTheDrainTimeIsOverAndItsCallersGetTheirAnswers()
      throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    Future<Outcome> atItsOwnDoor = deliver(order.get(0), ring("call"));
    Future<Outcome> atAnother = deliver(order.get(2), push(Event.MESSAGE, "call"));
    Future<Outcome> repeated = deliver(order.get(1), push(Event.MESSAGE, "call"));
    Future<Optional<Outcome>> accepted = accept(order.get(2), push(Event.TRANSFER, "call"));
    untilAccepted(order.get(0), 4);
    order.get(1).service.window(10);

    long began = time.nanos();
    Future<Void> closed = order.get(0).fleet.close();
    untilSent(order.get(1), 3);
    untilAccepted(order.get(1), 4);
    order.get(1).service.deliverAll();
    await(closed);

    assertNoTimeWasWaited(began);
    assertEquals(Result.DELIVERED, await(atItsOwnDoor).result());
    assertEquals(Result.DELIVERED, await(atAnother).result());
    assertEquals(Result.DELIVERED, await(repeated).result());
    assertTrue(await(accepted).isEmpty());
    assertEquals(List.of(), order.get(0).service.sent());
    assertEquals(0, order.get(1).shared.counts().possiblyDoubled());
  }

  @Test
  void whatIsWithThePushServiceStaysUntilItsAttemptHasEnded() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    order.get(0).service.window(1);
    Future<Outcome> inFlight = deliver(order.get(0), ring("call"));
    untilSent(order.get(0), 1);
    Future<Outcome> waiting = deliver(order.get(0), push(Event.MESSAGE, "call"));
    untilAccepted(order.get(0), 2);
    order.get(1).service.window(10);

    Future<Void> closed = order.get(0).fleet.close();
    untilSent(order.get(1), 1);
    order.get(0).service.deliverAll();
    await(closed);
    order.get(1).service.deliverAll();

    assertEquals(Result.DELIVERED, await(inFlight).result());
    assertEquals(Result.DELIVERED, await(waiting).result());
    assertEquals(1, order.get(0).service.sent().size());
  }

  @Test
  void noCopyStaysOfARingThatSharesTheEndOfAnotherWhereItIsHandedOver() throws Exception {
    startThree();
    // Until nobody looks for it where it was before they came.
    pass(Duration.ofSeconds(66));
    List<ServerOfMany> order = order("call");
    Future<Void> closed = closing(order.get(0));
    Future<Outcome> first = deliver(order.get(2), ring("call"));
    untilCopied(order.get(0), 1);
    Future<Outcome> equal = deliver(order.get(0), ring("call"));
    untilAccepted(order.get(1), 2);
    order.get(1).service.window(10);
    untilSent(order.get(1), 1);
    order.get(1).service.deliverAll();

    assertEquals(Result.DELIVERED, await(first).result());
    assertEquals(Result.DELIVERED, await(equal).result());
    for (ServerOfMany holder : servers) {
      untilCopied(holder, 0);
    }
    await(closed);
  }

  @Test
  void aRingThatIsHandedOverAfterItsCancelDoesNotRing() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    order.get(0).service.window(1);
    Future<Outcome> ring = deliver(order.get(2), ring("call"));
    untilSent(order.get(0), 1);
    order.get(1).service.window(10);
    Future<Void> closed = closing(order.get(0));

    Future<Outcome> cancel = deliver(order.get(2), push(Event.CANCEL, "call"));
    untilSent(order.get(1), 1);
    order.get(1).service.deliverAll();
    assertEquals(Result.DELIVERED, await(cancel).result());
    order.get(0).service.failAll();
    await(closed);

    assertEquals(Result.SUPERSEDED, await(ring).result());
    assertEquals(1, order.get(1).service.sent().size());
  }

  @Test
  void aRingThatNobodyTakesIsNotSentAfterItsCancelWhichAnotherServerHas() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    Future<Outcome> ring = deliver(order.get(0), ring("call"));
    untilAccepted(order.get(0), 1);
    // From then on it goes on with nothing that it is asked to.
    clock(order.get(1)).stop();
    pass(Duration.ofSeconds(3));
    Future<Void> closed = closing(order.get(0));

    Future<Outcome> unused = deliver(order.get(2), push(Event.CANCEL, "call"));
    untilAccepted(order.get(1), 1);
    order.get(0).service.window(10);
    untilTrue(closed::isComplete, "not closed");

    assertEquals(List.of(), order.get(0).service.sent());
    assertEquals(Result.SUPERSEDED, await(ring).result());
  }

  /** Whichever server he asks: the one that stops, or another one. */
  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void aRingThatWasHandedOverIsWithdrawnWhileItsFormerServerStops(int asked) throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    order.get(0).service.window(1);
    Future<Outcome> inFlight = deliver(order.get(0), push(Event.MESSAGE, "call"));
    untilSent(order.get(0), 1);
    Future<Outcome> ring = deliver(order.get(2), ring("call"));
    untilAccepted(order.get(0), 2);
    Future<Void> closed = order.get(0).fleet.close();
    untilAccepted(order.get(1), 1);
    ServerOfMany door = order.get(asked);

    Future<Optional<Outcome>> withdrawn =
        door.at(() -> door.dispatcher.withdraw(push(Event.CANCEL, "call")));
    untilTrue(withdrawn::isComplete, "no answer");

    assertTrue(await(withdrawn).isPresent());
    untilTrue(ring::isComplete, "it waits still");
    assertEquals(Result.SUPERSEDED, await(ring).result());
    order.get(0).service.deliverAll();
    untilTrue(closed::isComplete, "not closed");
    assertEquals(Result.DELIVERED, await(inFlight).result());
    assertEquals(0, counts(order.get(0)).waiting());
  }

  @Test
  void whatWasHandedOverIsNotInTheSpoolAnyMore() throws Exception {
    disk.atOnce();
    disk.lasts();
    start("a", true, disk);
    start("b", true);
    untilAllSee(2);
    String callId = callOf(servers.get(0));
    Push ring = ring(callId);
    assertTrue(await(accept(servers.get(1), ring)).isEmpty());
    assertEquals(List.of(callId), disk.held());
    servers.get(1).service.window(10);

    Future<Void> closed = servers.get(0).fleet.close();
    untilSent(servers.get(1), 1);
    await(closed);

    assertEquals(List.of(), disk.held());
    assertEquals(ring.id(), servers.get(1).service.sent().get(0).id());
  }

  @Test
  void whatNobodyTakesStaysInTheSpool() throws Exception {
    disk.atOnce();
    disk.lasts();
    start("a", true, disk);
    start("b", false);
    untilAllSee(2);
    String callId = callOf(servers.get(0));
    assertTrue(await(accept(servers.get(0), ring(callId))).isEmpty());

    Future<Void> closed = servers.get(0).fleet.close();
    untilTrue(closed::isComplete, "not closed");

    assertEquals(List.of(callId), disk.held());
  }

  @Test
  void whatTheNextServerHasNoRoomForGoesToTheOneAfterThat() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    order.get(1).memory.limit(0);
    Future<Outcome> atItsOwnDoor = deliver(order.get(0), push(Event.MESSAGE, "call"));
    Future<Outcome> atAnother = deliver(order.get(2), push(Event.TRANSFER, "call"));
    untilAccepted(order.get(0), 2);
    order.get(1).service.window(10);
    order.get(2).service.window(10);

    Future<Void> closed = order.get(0).fleet.close();
    untilSent(order.get(2), 2);
    order.get(2).service.deliverAll();
    await(closed);
    untilTrue(() -> atItsOwnDoor.isComplete() && atAnother.isComplete(), "no answer");

    assertEquals(Result.DELIVERED, await(atItsOwnDoor).result());
    assertEquals(Result.DELIVERED, await(atAnother).result());
    assertEquals(2, order.get(2).service.sent().size());
    assertEquals(0, counts(order.get(1)).accepted());
    assertEquals(0, order.get(2).shared.counts().possiblyDoubled());
  }

  @Test
  void aRingForWhichThereIsNoRoomWhereItsCallBelongsStaysWhereItIs() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    order.get(1).memory.limit(0);
    Future<Outcome> ring = deliver(order.get(0), ring("call"));
    untilAccepted(order.get(0), 1);
    order.get(2).service.window(10);

    Future<Void> closed = closing(order.get(0));
    pass(MOMENT);
    order.get(0).service.window(10);
    untilSent(order.get(0), 1);
    order.get(0).service.deliverAll();
    await(closed);

    assertEquals(Result.DELIVERED, await(ring).result());
    assertEquals(List.of(), order.get(2).service.sent());
  }

  @Test
  void whatNobodyHasRoomForStaysInTheSpool() throws Exception {
    disk.atOnce();
    disk.lasts();
    start("a", true, disk);
    start("b", true);
    untilAllSee(2);
    servers.get(1).memory.limit(0);
    String callId = callOf(servers.get(0));
    assertTrue(await(accept(servers.get(0), ring(callId))).isEmpty());

    Future<Void> closed = servers.get(0).fleet.close();
    untilTrue(closed::isComplete, "not closed");

    assertEquals(List.of(callId), disk.held());
    assertEquals(0, counts(servers.get(1)).accepted());
  }

  @Test
  void aRingThatIsSaidAgainWhileItsServerStopsSharesTheEndOfTheFirst() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    order.get(0).service.window(1);
    Future<Outcome> ring = deliver(order.get(0), ring("call"));
    untilSent(order.get(0), 1);
    order.get(1).service.window(10);
    order.get(2).service.window(10);
    Future<Void> closed = closing(order.get(0));
    Future<Outcome> equal = deliver(order.get(2), ring("call"));
    Future<Optional<Outcome>> accepted = accept(order.get(1), ring("call"));
    untilTrue(() -> counts(order.get(0)).joined() == 2, "they do not share the end");
    order.get(0).service.deliverAll();
    await(closed);

    assertEquals(Result.DELIVERED, await(ring).result());
    assertEquals(Result.DELIVERED, await(equal).result());
    assertTrue(await(accepted).isEmpty());
    assertEquals(List.of(), order.get(1).service.sent());
    assertEquals(List.of(), order.get(2).service.sent());
  }

  @Test
  void whatSharesTheEndOfARingThatComesBackWhileItsServerStopsGoesOnWithItElsewhere()
      throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    order.get(0).service.window(1);
    Future<Outcome> ring = deliver(order.get(0), ring("call"));
    untilSent(order.get(0), 1);
    order.get(1).service.window(10);
    Future<Void> closed = closing(order.get(0));
    Future<Outcome> equal = deliver(order.get(2), ring("call"));
    untilTrue(() -> counts(order.get(0)).joined() == 1, "it does not share the end");
    order.get(0).service.failAll();
    untilSent(order.get(1), 1);
    order.get(1).service.deliverAll();
    await(closed);

    assertEquals(Result.DELIVERED, await(ring).result());
    assertEquals(Result.DELIVERED, await(equal).result());
    pass(MOMENT);
    assertEquals(1, order.get(1).service.sent().size());
    assertEquals(List.of(), order.get(2).service.sent());
  }

  @Test
  void aRingThatSaysWhatAnotherSaysWhereItsCallBelongsNeedsNoRoomThere() throws Exception {
    startThree();
    // Until nobody looks for it where it was before they came.
    pass(Duration.ofSeconds(66));
    List<ServerOfMany> order = order("call");
    order.get(0).service.window(1);
    Future<Outcome> ring = deliver(order.get(0), ring("call"));
    untilSent(order.get(0), 1);
    Future<Void> closed = order.get(0).fleet.close();
    until(order.get(0).fleet::isClosing, () -> "not closing");
    // It came there when others did not see this one.
    Future<Outcome> equal = order.get(1).at(() -> order.get(1).fleet.deliver(ring("call")));
    untilAccepted(order.get(1), 1);
    order.get(1).memory.limit(0);

    order.get(0).service.failAll();
    untilTrue(() -> counts(order.get(1)).joined() == 1, "it does not share the end");
    order.get(1).service.window(10);
    untilSent(order.get(1), 1);
    order.get(1).service.deliverAll();
    await(closed);

    assertEquals(Result.DELIVERED, await(ring).result());
    assertEquals(Result.DELIVERED, await(equal).result());
    assertEquals(1, order.get(0).service.sent().size());
  }

  @Test
  void aRingForWhichThereWasNoRoomIsSentOnceByWhoHasItsCopyWhenItsServerDies() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    Future<Outcome> ring = deliver(order.get(2), ring("call"));
    untilCopied(order.get(1), 1);
    order.get(1).memory.limit(0);
    Future<Void> unused = order.get(0).fleet.close();
    until(order.get(0).fleet::isClosing, () -> "not closing");
    pass(MOMENT);
    String name = order.get(0).nodes.self().name();
    signs.put(name, Sign.ALIVE);
    kill(order.get(0));
    order.get(1).service.window(10);
    order.get(2).service.window(10);
    for (int i = 0; i < 20; i++) {
      pass(MOMENT);
    }

    signs.put(name, Sign.GONE);
    untilSent(order.get(1), 1);
    order.get(1).service.deliverAll();
    untilTrue(ring::isComplete, "no answer");

    assertEquals(Result.DELIVERED, await(ring).result());
    assertEquals(List.of(), order.get(2).service.sent());
  }

  /** What claims its copy in that moment finds it here already, and leaves it to this. */
  @Test
  void whatThereIsNoRoomForIsTakenAllTheSameWhenItsServerGoesBeforeThatIsSaid() throws Exception {
    start("a", true);
    ServerOfMany taker = servers.get(0);
    taker.memory.limit(0);
    taker.service.window(10);
    Push ring = ring("call");
    KnownPushes known = new KnownPushes(time);
    Meanwhile itsServerGoes =
        new Meanwhile() {
          @Override
          public boolean isOver(Push push) {
            Future<Optional<Outcome>> same =
                known.takeUp(push.id(), () -> Future.failedFuture("begun once more"));
            return same.failed();
          }

          @Override
          public List<DeliveredPush> delivered(Push push) {
            return List.of();
          }
        };
    CopyBatch offered = new CopyBatch();
    offered.add(ring.id(), false, PushBytes.timed(new KeptPush(ring), time.now()));
    OfferedPushes offers =
        new OfferedPushes(
            taker.fleet,
            known,
            new Copies(time, taker.memory),
            itsServerGoes,
            new ClusterCounts(),
            time,
            () -> true);

    Buffer answer = await(offers.take(new Node("b-1", "b", "test"), offered.bytes()));

    assertEquals(new OfferAnswer(List.of(ring.id()), List.of()), OfferAnswer.read(answer));
    untilSent(taker, 1);
  }
}
