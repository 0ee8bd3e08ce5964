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
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.pushserver.cluster.SignOfLife.Sign;
import org.pushserver.dispatch.CallCancel;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;

/** No phone rings after its call, whichever server has stood still, left or come. */
class LateCallTest extends ManyServers {
  private static final CallCancel CANCEL = new CallCancel("call", Set.of(), Set.of(), app -> true);

  /** Lets a server do nothing, and the others notice that. */
  private void freeze(ServerOfMany server) {
    signs.put(server.nodes.self().name(), Sign.NONE);
    clock(server).stop();
    network.silence(server.nodes);
    pass(Duration.ofSeconds(5));
    network.leaveOut(server.nodes);
  }

  /** What it was asked while it stood still comes first. */
  private void untilItHasHeard(ServerOfMany server) {
    Nodes other = order("call").get(1).nodes;
    await(other.ask(server.nodes.self(), Standstill.NAME, Buffer.buffer(), Duration.ofMinutes(1)));
  }

  /** Lets it go on, with a connection on which it would send at once. */
  private void thaw(ServerOfMany server) {
    server.service.window(10);
    await(server.fleet.counts(ServerOfMany.KEY));
    assertEquals(List.of(), server.service.sent());
    network.speak(server.nodes);
    untilItHasHeard(server);
    clock(server).goOn();
  }

  @Test
  void aServerThatStoodStillDoesNotSendWhatAnotherHasSentMeanwhileAndItsCallerIsToldOfThat()
      throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    Future<Outcome> end = deliver(order.get(0), ring("call"));
    untilCopied(order.get(1), 1);
    order.get(1).service.window(10);
    freeze(order.get(0));
    untilSent(order.get(1), 1);
    order.get(1).service.deliverAll();
    untilTrue(() -> counts(order.get(1)).ended(Result.DELIVERED) == 1, "not delivered");

    thaw(order.get(0));
    untilTrue(end::isComplete, "no answer");

    assertEquals(Result.DELIVERED, await(end).result());
    assertEquals(List.of(), order.get(0).service.sent());
    assertEquals(0, counts(order.get(0)).waiting());
    assertEquals(1, order.get(1).service.sent().size());
    assertEquals(0, order.get(1).shared.counts().doubled());
  }

  @Test
  void aServerThatStoodStillSendsWhatAnotherHasTakenOverWhenThatOneGoes() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    acceptAndCopy(order, ring("call"));
    freeze(order.get(0));
    untilTrue(() -> counts(order.get(1)).accepted() == 1, "not taken over");
    thaw(order.get(0));
    untilTrue(() -> counts(order.get(0)).waiting() == 0, "it waits still");
    untilCopied(order.get(0), 1);

    signs.put(order.get(1).nodes.self().name(), Sign.GONE);
    kill(order.get(1));

    untilSent(order.get(0), 1);
  }

  @Test
  void aServerThatStoodStillSendsWhatNobodyHasTakenOver() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    Future<Outcome> end = deliver(order.get(0), ring("call"));
    untilCopied(order.get(1), 1);
    clock(order.get(0)).stop();
    pass(Duration.ofSeconds(3));

    thaw(order.get(0));
    untilTrue(() -> order.get(0).service.sent().size() == 1, "not sent");
    order.get(0).service.deliverAll();

    assertEquals(Result.DELIVERED, await(end).result());
  }

  @Test
  void whatWasAskedOfAServerThatStoodStillIsSentByOneServerAlone() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    order.get(1).service.window(10);
    clock(order.get(0)).stop();
    network.silence(order.get(0).nodes);
    Future<Outcome> end = deliver(order.get(2), ring("call"));
    freeze(order.get(0));
    untilSent(order.get(1), 1);
    order.get(1).service.deliverAll();
    assertEquals(Result.DELIVERED, await(end).result());

    thaw(order.get(0));
    untilTrue(order.get(0).shared.store()::isOwn, "it does not go on");

    assertEquals(0, counts(order.get(0)).accepted());
  }

  @Test
  void aRingThatWasOnItsWayToItsApplicationWhenItsServerStoodStillIsAskedForToo() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    ServerOfMany still = order.get(0);
    Push ring = ring("call");
    AtomicInteger questions = new AtomicInteger();
    order
        .get(1)
        .nodes
        .answer(
            Standstill.NAME,
            (asker, ids) -> {
              if (questions.getAndIncrement() > 0) {
                // This one goes on with it, whoever has cancelled it since.
                return Future.succeededFuture(
                    Standstill.bytes(
                        Standstill.read(ids).stream().filter(ring.id()::equals).toList()));
              }
              Future<Outcome> unused = still.fleet.deliver(ring);
              return still.fleet.counts(ServerOfMany.KEY).map(it -> Buffer.buffer());
            });
    still.service.window(10);
    clock(still).stop();
    pass(Duration.ofSeconds(3));

    clock(still).goOn();
    untilTrue(() -> still.shared.store().isOwn(), "it does not go on");
    untilTrue(() -> counts(still).accepted() == 1 && counts(still).waiting() == 0, "it waits");

    assertEquals(List.of(), still.service.sent());
  }

  /** The one that the call belongs to has just gone on, with a connection. */
  private ServerOfMany startAndStandStill() throws Exception {
    startThree();
    ServerOfMany still = order("call").get(0);
    still.service.window(10);
    clock(still).stop();
    pass(Duration.ofSeconds(3));
    clock(still).goOn();
    return still;
  }

  /** It has delivered a cancel of the call a moment ago. */
  private void cancelAndPass(ServerOfMany server) throws Exception {
    Future<Outcome> cancel = deliver(server, push(Event.CANCEL, "call"));
    untilSent(server, 1);
    server.service.deliverAll();
    assertEquals(Result.DELIVERED, await(cancel).result());
    pass(Duration.ofMillis(50));
  }

  @Test
  void aRingThatLayUnreadWhileItsServerStoodStillDoesNotRingAfterItsCancelThatIsReadFirst()
      throws Exception {
    ServerOfMany still = startAndStandStill();

    cancelAndPass(still);
    Future<Outcome> end = deliver(still, ring("call"));
    untilTrue(end::isComplete, "it waits, or is sent");

    assertEquals(Result.SUPERSEDED, await(end).result());
    assertEquals(1, still.service.sent().size());
  }

  @Test
  void aRingThatIsNewAfterACancelLongAfterAStandstillRings() throws Exception {
    ServerOfMany still = startAndStandStill();
    untilTrue(() -> still.shared.store().isOwn(), "it does not go on");
    pass(Duration.ofSeconds(2));

    cancelAndPass(still);
    Future<Outcome> end = deliver(still, ring("call"));
    untilSent(still, 2);
    still.service.deliverAll();

    assertEquals(Result.DELIVERED, await(end).result());
  }

  @Test
  void aRingOfAServerThatStandsStillIsNotSentWhenItsCallWasCancelledMeanwhile() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    acceptAndCopy(order, ring("call"));
    clock(order.get(0)).stop();
    network.silence(order.get(0).nodes);

    Future<?> cancelled = order.get(2).at(() -> order.get(2).dispatcher.cancel(CANCEL));
    untilTrue(cancelled::isComplete, "not cancelled");
    pass(Duration.ofSeconds(5));
    thaw(order.get(0));
    untilTrue(() -> counts(order.get(0)).waiting() == 0, "still there");

    assertEquals(List.of(), order.get(0).service.sent());
    untilTrue(() -> order.get(1).shared.held() == 0, "a copy stays");
  }

  @Test
  void aRingThatIsTakenUpAfterItsCancelDoesNotRing() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    acceptAndCopy(order, ring("call"));
    order.get(1).service.window(10);
    signs.put(order.get(0).nodes.self().name(), Sign.ALIVE);
    network.cut(order.get(0).nodes);
    until(() -> order.get(2).shared.members() == 2, () -> "still there");

    Future<Outcome> cancel = deliver(order.get(2), push(Event.CANCEL, "call"));
    untilSent(order.get(1), 1);
    order.get(1).service.deliverAll();
    assertEquals(Result.DELIVERED, await(cancel).result());
    signs.put(order.get(0).nodes.self().name(), Sign.GONE);
    untilTrue(() -> counts(order.get(1)).ended(Result.SUPERSEDED) == 1, "not taken up");

    assertEquals(1, order.get(1).service.sent().size());
  }

  @Test
  void aRingThatIsTakenUpLongAfterItsCallWasCancelledDoesNotRing() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    acceptAndCopy(order, ring("call"));
    order.get(1).service.window(10);
    signs.put(order.get(0).nodes.self().name(), Sign.ALIVE);
    network.cut(order.get(0).nodes);
    until(() -> order.get(2).shared.members() == 2, () -> "still there");

    await(order.get(2).at(() -> order.get(2).dispatcher.cancel(CANCEL)));
    pass(Duration.ofSeconds(10));
    signs.put(order.get(0).nodes.self().name(), Sign.GONE);
    untilTrue(() -> counts(order.get(1)).ended(Result.SUPERSEDED) == 1, "not taken up");

    assertEquals(List.of(), order.get(1).service.sent());
  }

  @Test
  void aServerThatStartsAgainLearnsWhatAnotherHasTakenUpOrCancelledOfItsFormerProcess()
      throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    Push taken = ring("call");
    acceptAndCopy(order, taken);
    String name = order.get(0).nodes.self().name();
    signs.put(name, Sign.ALIVE);
    kill(order.get(0));
    assertEquals(1, order.get(1).shared.held(), "nobody has taken it up yet");

    ServerOfMany again =
        new ServerOfMany(
            vertx, network.join(name), time, node -> Future.succeededFuture(Sign.GONE), true);
    servers.add(again);
    List<UUID> left = List.of(taken.id(), UUID.randomUUID());
    Set<UUID> elsewhere = await(again.shared.store().elsewhere(left));

    assertEquals(Set.of(taken.id()), elsewhere);
    assertEquals(1, counts(order.get(1)).accepted());
  }

  @Test
  void aServerThatStartsAgainBeforeTheOthersHaveSeenItsEndLearnsWhatTheyGoOnWith()
      throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    Push taken = ring("call");
    acceptAndCopy(order, taken);
    order.get(1).service.window(10);
    network.silence(order.get(0).nodes);

    ServerOfMany again =
        new ServerOfMany(
            vertx,
            network.join(order.get(0).nodes.self().name()),
            time,
            node -> Future.succeededFuture(Sign.GONE),
            true);
    servers.add(again);
    Future<Set<UUID>> elsewhere =
        again.shared.store().elsewhere(List.of(taken.id(), UUID.randomUUID()));
    untilTrue(elsewhere::isComplete, "nobody said anything");

    assertEquals(Set.of(taken.id()), await(elsewhere));
    untilSent(order.get(1), 1);
    kill(order.get(0));
    pass(MOMENT);
    assertEquals(1, order.get(1).service.sent().size());
    assertEquals(0, order.get(2).service.sent().size() + again.service.sent().size());
  }

  /** A server comes, d by name, that can send. */
  private ServerOfMany come() throws Exception {
    start("d", true);
    ServerOfMany joined = servers.get(servers.size() - 1);
    joined.service.window(10);
    return joined;
  }

  /**
   * A call that belongs to another server since one has come.
   *
   * @param former where its ring waits
   * @param joined whose it is now
   */
  private record Moved(String id, ServerOfMany former, Future<Outcome> ring, ServerOfMany joined) {}

  private Moved aRingWaitsThenAServerComes() throws Exception {
    startThree();
    String callId = callOfNext("d");
    ServerOfMany former = order(callId).get(0);
    Future<Outcome> ring = deliver(servers.get(0), ring(callId));
    until(() -> counts(former).accepted() == 1, () -> "no ring");
    ServerOfMany joined = come();
    untilAllSee(4);
    return new Moved(callId, former, ring, joined);
  }

  @Test
  void aRingThatWaitsWhereItsCallWasBeforeAServerCameIsWithdrawnByItsCancel() throws Exception {
    Moved call = aRingWaitsThenAServerComes();

    Future<Outcome> cancel = deliver(servers.get(1), push(Event.CANCEL, call.id()));

    assertEquals(Result.SUPERSEDED, await(call.ring()).result());
    untilSent(call.joined(), 1);
    call.joined().service.deliverAll();
    assertEquals(Result.DELIVERED, await(cancel).result());
  }

  @Test
  void aRingThatIsRepeatedAfterAServerCameSharesTheEndOfTheOneThatWaitsWhereItsCallWasBefore()
      throws Exception {
    Moved call = aRingWaitsThenAServerComes();

    Future<Outcome> atAnother = deliver(servers.get(1), ring(call.id()));
    Future<Optional<Outcome>> atTheNewOne = accept(call.joined(), ring(call.id()));
    until(
        () -> counts(call.former()).accepted() == 3,
        () -> "accepted " + counts(call.former()).accepted());
    call.former().service.window(10);
    untilSent(call.former(), 1);
    call.former().service.deliverAll();

    assertEquals(Result.DELIVERED, await(call.ring()).result());
    assertEquals(Result.DELIVERED, await(atAnother).result());
    untilTrue(atTheNewOne::isComplete, "not accepted");
    assertTrue(await(atTheNewOne).isEmpty());
    assertEquals(List.of(), call.joined().service.sent());
    assertEquals(1, call.former().service.sent().size());
  }

  @Test
  void whoWaitedAtAServerThatDiedIsToldByTheOneThatGoesOnThoughTheCallIsANewOnesSince()
      throws Exception {
    startThree();
    String callId = callOfNext("d");
    List<ServerOfMany> order = order(callId);
    Future<Outcome> end = deliver(order.get(2), ring(callId));
    untilCopied(order.get(1), 1);
    order.get(1).service.window(10);
    String name = order.get(0).nodes.self().name();
    signs.put(name, Sign.ALIVE);
    kill(order.get(0));
    ServerOfMany joined = come();
    until(() -> order.get(2).shared.members() == 3, () -> "it is not there");

    signs.put(name, Sign.GONE);
    untilSent(order.get(1), 1);
    order.get(1).service.deliverAll();
    untilTrue(end::isComplete, "no answer");

    assertEquals(Result.DELIVERED, await(end).result());
    assertEquals(List.of(), joined.service.sent());
  }

  @Test
  void aRingThatIsNewAfterAServerCameIsSentByThatOne() throws Exception {
    startThree();
    String callId = callOfNext("d");
    ServerOfMany joined = come();
    untilAllSee(4);

    Future<Outcome> end = deliver(servers.get(0), ring(callId));
    untilSent(joined, 1);
    joined.service.deliverAll();

    assertEquals(Result.DELIVERED, await(end).result());
  }

  @Test
  void aCallIsCancelledByItsCallIdWhereItWasBeforeAServerCame() throws Exception {
    Moved call = aRingWaitsThenAServerComes();
    CallCancel cancel = new CallCancel(call.id(), Set.of(), Set.of(), app -> true);

    assertEquals(1, await(call.joined().at(() -> call.joined().dispatcher.cancel(cancel))).size());
    Future<Optional<Outcome>> withdrawn =
        call.joined().at(() -> call.joined().dispatcher.withdraw(push(Event.CANCEL, call.id())));
    untilTrue(withdrawn::isComplete, "not withdrawn");
    assertTrue(await(withdrawn).isPresent());
    assertEquals(Result.SUPERSEDED, await(call.ring()).result());
  }
}
