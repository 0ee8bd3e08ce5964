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
import org.pushserver.cluster.SignOfLife.Sign;
import org.pushserver.dispatch.CallCancel;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;

/** Three servers as one. */
class SharedPushesTest extends ManyServers {
  @Test
  void aPushIsSentByTheServerItsCallBelongsToWhicheverItComesInBy() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    order.get(0).service.window(10);

    Future<Outcome> end = deliver(order.get(2), ring("call"));
    untilSent(order.get(0), 1);
    assertEquals(order.get(2).nodes.self().name(), order.get(0).service.sent().get(0).door());
    order.get(0).service.deliverAll();

    assertEquals(Result.DELIVERED, await(end).result());
    assertEquals(1, counts(order.get(0)).accepted());
    assertEquals(0, counts(order.get(2)).accepted());
  }

  @Test
  void aRingAndItsCancelMeetThoughTheyComeInByDifferentServers() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    Future<Outcome> ring = deliver(order.get(1), ring("call"));
    until(() -> counts(order.get(0)).accepted() == 1, () -> "no ring");

    Future<Outcome> cancel = deliver(order.get(2), push(Event.CANCEL, "call"));

    assertEquals(Result.SUPERSEDED, await(ring).result());
    untilTrue(cancel::isComplete, "not cancelled");
    assertEquals("nothing to cancel", await(cancel).response().reason());
  }

  @Test
  void aCallIsCancelledByItsCallIdAtAnyServer() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    Future<Optional<Outcome>> accepted = accept(order.get(1), ring("call"));
    untilCopied(order.get(1), 1);
    assertTrue(await(accepted).isEmpty());

    CallCancel cancel = new CallCancel("call", Set.of(), Set.of(), app -> true);

    assertEquals(1, await(order.get(2).at(() -> order.get(2).dispatcher.cancel(cancel))).size());
    assertEquals(0, await(order.get(1).at(() -> order.get(1).dispatcher.cancel(cancel))).size());
  }

  @Test
  void whatAServerDoesNotKnowGoesToTheNext() throws Exception {
    start("a", true);
    start("b", true);
    start("c", false);
    untilAllSee(3);
    String callId = callOf(servers.get(2));
    ServerOfMany next = order(callId).get(1);
    next.service.window(10);

    Future<Outcome> end = deliver(order(callId).get(2), ring(callId));
    untilSent(next, 1);
    next.service.deliverAll();

    assertEquals(Result.DELIVERED, await(end).result());
  }

  @Test
  void whatAServerThatStartsIsAskedToWaitsForItsApplication() throws Exception {
    start("a", true);
    ServerOfMany starting = begin("b");
    untilAllSee(2);
    String callId = callOf(starting);
    ServerOfMany other = servers.get(0);
    other.service.window(10);
    Future<Outcome> end = deliver(other, ring(callId));
    pass(MOMENT);
    assertEquals(List.of(), other.service.sent());

    starting.startApplication();
    starting.service.window(10);
    untilSent(starting, 1);
    starting.service.deliverAll();

    assertEquals(Result.DELIVERED, await(end).result());
    assertEquals(List.of(), other.service.sent());
  }

  @Test
  void whatAServerThatStartsForLongIsAskedToGoesToTheNext() throws Exception {
    start("a", true);
    ServerOfMany starting = begin("b");
    untilAllSee(2);
    String callId = callOf(starting);
    servers.get(0).service.window(10);
    Future<Outcome> end = deliver(servers.get(0), ring(callId));
    untilItHasAsked(servers.get(0));
    pass(Duration.ofSeconds(5));
    untilSent(servers.get(0), 1);
    servers.get(0).service.deliverAll();

    assertEquals(Result.DELIVERED, await(end).result());
  }

  @Test
  void whatWaitsHasACopyAtTheNextServerUntilItEnds() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    Future<Outcome> end = deliver(order.get(0), ring("call"));
    untilCopied(order.get(1), 1);
    assertEquals(0, order.get(2).shared.held());

    order.get(0).service.window(10);
    untilSent(order.get(0), 1);
    order.get(0).service.deliverAll();
    await(end);

    untilCopied(order.get(1), 0);
  }

  @Test
  void whatEndsAtOnceIsNeverCopied() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    order.get(0).service.window(10);
    Future<Outcome> end = deliver(order.get(0), ring("call"));
    until(() -> order.get(0).service.sent().size() == 1, () -> "not sent");
    order.get(0).service.deliverAll();
    await(end);
    pass(TICK);

    assertEquals(0, order.get(0).shared.counts().copies());
  }

  @Test
  void whatWaitedAtAServerThatDiedIsSentOnceByTheNextAndItsCallerGetsTheAnswer() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    Future<Outcome> end = deliver(order.get(2), ring("call"));
    untilCopied(order.get(1), 1);
    order.get(1).service.window(10);

    network.kill(order.get(0).nodes);
    untilSent(order.get(1), 1);
    assertEquals(order.get(2).nodes.self().name(), order.get(1).service.sent().get(0).door());
    order.get(1).service.deliverAll();

    assertEquals(Result.DELIVERED, await(end).result());
    assertEquals(1, order.get(1).shared.counts().takenOver());
    assertEquals(1, counts(order.get(1)).accepted());
    assertEquals(0, order.get(1).shared.held());
  }

  @Test
  void whatWasAcceptedAndNobodyWaitsForIsSentThoughItsServerDied() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    acceptAndCopy(order, ring("call"));
    order.get(1).service.window(10);

    network.kill(order.get(0).nodes);

    untilSent(order.get(1), 1);
    order.get(1).service.deliverAll();
    until(() -> counts(order.get(1)).ended(Result.DELIVERED) == 1, () -> "not delivered");
  }

  @Test
  void whatWasNeverCopiedIsHandedToTheNextByWhoAskedForIt() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    Future<Outcome> end = deliver(order.get(2), ring("call"));
    until(() -> counts(order.get(0)).accepted() == 1, () -> "no ring");
    order.get(1).service.window(10);

    network.kill(order.get(0).nodes);
    untilSent(order.get(1), 1);
    order.get(1).service.deliverAll();

    assertEquals(Result.DELIVERED, await(end).result());
  }

  @Test
  void whatHasGoneToTheNextIsCopiedToTheOneAfterThat() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    Future<Outcome> end = deliver(order.get(2), ring("call"));
    untilCopied(order.get(1), 1);

    network.kill(order.get(0).nodes);
    untilCopied(order.get(2), 1);
    order.get(2).service.window(10);
    network.kill(order.get(1).nodes);
    untilSent(order.get(2), 1);
    order.get(2).service.deliverAll();

    assertEquals(Result.DELIVERED, await(end).result());
  }

  @Test
  void whatIsLeftToAServerThatIsCutOffAndServesIsNotSentByAnother() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    Future<Outcome> end = deliver(order.get(2), ring("call"));
    untilCopied(order.get(1), 1);
    order.get(1).service.window(10);
    signs.put(order.get(0).nodes.self().name(), Sign.ALIVE);

    network.cut(order.get(0).nodes);
    until(() -> order.get(2).shared.members() == 2, () -> "still there");
    pass(Duration.ofSeconds(3));
    assertEquals(List.of(), order.get(1).service.sent());
    order.get(0).service.window(10);
    untilSent(order.get(0), 1);
    order.get(0).service.deliverAll();
    network.merge();
    untilAllSee(3);
    untilTrue(end::isComplete, "no answer");

    assertEquals(Result.DELIVERED, await(end).result());
    assertEquals(List.of(), order.get(1).service.sent());
  }

  @Test
  void whatWasOnItsWayToAServerThatIsCutOffAndServesIsSentByTheNextWhileItsCallLasts()
      throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    order.get(1).service.window(10);
    signs.put(order.get(0).nodes.self().name(), Sign.ALIVE);
    network.silence(order.get(0).nodes);
    Future<Outcome> end = deliver(order.get(2), ring("call"));
    until(() -> order.get(2).shared.counts().forwarded() == 1, () -> "not handed over");

    network.leaveOut(order.get(0).nodes);
    until(() -> order.get(2).shared.members() == 2, () -> "still there");
    until(
        () -> {
          pass(Duration.ofMillis(200));
          return order.get(1).service.sent().size() == 1;
        },
        () -> "not sent");
    order.get(1).service.deliverAll();

    assertEquals(Result.DELIVERED, await(end).result());
    assertEquals(1, order.get(1).shared.counts().possiblyDoubled());
  }

  @Test
  void whatASilentServerHadIsTakenUpAndADoubleIsCountedWhenItComesBack() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    Future<Outcome> end = deliver(order.get(2), ring("call"));
    untilCopied(order.get(1), 1);
    order.get(1).service.window(10);
    signs.put(order.get(0).nodes.self().name(), Sign.NONE);

    network.cut(order.get(0).nodes);
    untilSent(order.get(1), 1);
    order.get(1).service.deliverAll();
    assertEquals(Result.DELIVERED, await(end).result());
    order.get(0).service.window(10);
    untilSent(order.get(0), 1);
    order.get(0).service.deliverAll();
    until(() -> counts(order.get(0)).ended(Result.DELIVERED) == 1, () -> "not delivered");
    network.merge();
    untilAllSee(3);

    assertEquals(1, order.get(1).shared.counts().possiblyDoubled());
    until(
        () -> {
          pass(TICK);
          return order.get(1).shared.counts().doubled() == 1;
        },
        () -> "not counted");
    assertFalse(order.get(0).service.sent().isEmpty());
  }

  @Test
  void aServerThatBelongsToTheClusterAndNeverAnswersIsPassedOverAfterSomeTries() throws Exception {
    startThree();
    String callId = callOfNext("mute");
    Nodes mute = network.join("mute");
    untilAllSee(4);
    assertEquals(mute.self(), new Ownership(mute.members()).owner(Ownership.key(callId)));
    servers.forEach(server -> server.service.window(10));
    long began = time.now();

    Future<Outcome> end = deliver(servers.get(0), ring(callId));
    untilTrue(
        () -> {
          servers.forEach(server -> server.service.deliverAll());
          return end.isComplete();
        },
        "no answer");

    assertEquals(Result.DELIVERED, await(end).result());
    assertTrue(time.now() - began < 10_000, "only near its deadline");
    assertEquals(1, servers.stream().mapToInt(server -> server.service.sent().size()).sum());
  }

  @Test
  void whatADrainedServerCannotEndIsEndedByTheNextForWhoWaits() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    Future<Outcome> atItsOwnDoor = deliver(order.get(0), ring("call"));
    Future<Outcome> atAnother = deliver(order.get(2), push(Event.MESSAGE, "call"));
    until(() -> counts(order.get(0)).accepted() == 2, () -> "not there");
    order.get(1).service.window(10);

    Future<Void> closed = order.get(0).fleet.close();
    until(
        () -> {
          pass(Duration.ofSeconds(1));
          return order.get(1).service.sent().size() == 2;
        },
        () -> "not handed over");
    order.get(1).service.deliverAll();
    await(closed);

    assertEquals(Result.DELIVERED, await(atItsOwnDoor).result());
    assertEquals(Result.DELIVERED, await(atAnother).result());
  }
}
