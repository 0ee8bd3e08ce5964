// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Future;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pushserver.cluster.SignOfLife.Sign;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.spi.Time;

/** A server that hangs while it still belongs to the cluster: nobody says that it has left. */
class MuteServerTest extends ManyServers {
  /** More than after which a server is mute. */
  private static final Duration LONG = Duration.ofSeconds(7);

  private final Map<String, Nodes> joined = new HashMap<>();
  private final Map<String, RollCall> rolls = new HashMap<>();
  private List<ServerOfMany> order;

  @Override
  Nodes seen(Nodes nodes, Time clock) {
    RollCall roll =
        new RollCall(
            nodes, clock, ((VertxInternal) vertx).createEventLoopContext(), Map::of, () -> {});
    joined.put(nodes.self().name(), nodes);
    rolls.put(nodes.self().name(), roll);
    return new AnsweringNodes(nodes, roll);
  }

  @BeforeEach
  void start() throws Exception {
    startThree();
    servers.forEach(server -> rolls.get(name(server)).start(server.fleet));
    pass(Duration.ofSeconds(2));
    order = order("call");
  }

  private static String name(ServerOfMany server) {
    return server.nodes.self().name();
  }

  private void hang(ServerOfMany server, Sign sign) {
    signs.put(name(server), sign);
    clock(server).stop();
    network.silence(joined.get(name(server)));
  }

  private void goOn(ServerOfMany server) {
    network.speak(joined.get(name(server)));
    clock(server).goOn();
  }

  /** In steps, so that all have their turns meanwhile. */
  private void passLong() {
    for (Duration passed = Duration.ZERO;
        passed.compareTo(LONG) < 0;
        passed = passed.plus(MOMENT)) {
      pass(MOMENT);
    }
  }

  private void deliverAll() {
    servers.forEach(server -> server.service.deliverAll());
  }

  @Test
  void whatWaitsAtAServerThatHangsIsSentByTheNextAndCountedAsPossiblyDoubled() throws Exception {
    acceptAndCopy(order, ring("call"));
    order.get(1).service.window(10);

    hang(order.get(0), Sign.NONE);
    untilTrue(() -> order.get(1).service.sent().size() == 1, "not sent");

    assertEquals(1, order.get(1).shared.counts().possiblyDoubled());
    assertEquals(3, joined.get(name(order.get(1))).members().size());
  }

  @Test
  void whatIsHandedToAServerThatHangsIsSentByTheNextLongBeforeItsDeadline() throws Exception {
    order.get(1).service.window(10);
    hang(order.get(0), Sign.NONE);
    long began = time.now();

    Future<Outcome> end = deliver(order.get(2), ring("call"));
    untilTrue(
        () -> {
          deliverAll();
          return end.isComplete();
        },
        "no answer");

    assertEquals(Result.DELIVERED, await(end).result());
    assertTrue(time.now() - began < 10_000, "only near its deadline");
    assertEquals(1, order.get(1).service.sent().size());
  }

  @Test
  void whatWaitsAtAServerThatSaysNothingAndServesIsLeftToIt() throws Exception {
    acceptAndCopy(order, ring("call"));
    order.get(1).service.window(10);

    hang(order.get(0), Sign.ALIVE);
    untilTrue(() -> order.get(1).shared.members() == 2, "it still counts");
    passLong();

    assertEquals(List.of(), order.get(1).service.sent());
  }

  @Test
  void aServerThatSaysSomethingAgainCountsAgainAndSendsNothingThatTheOthersHaveSent()
      throws Exception {
    acceptAndCopy(order, ring("call"));
    order.get(1).service.window(10);
    hang(order.get(0), Sign.NONE);
    untilTrue(() -> order.get(1).service.sent().size() == 1, "not sent");
    deliverAll();

    order.get(0).service.window(10);
    goOn(order.get(0));
    untilTrue(() -> servers.stream().allMatch(server -> server.shared.members() == 3), "not back");
    untilTrue(() -> counts(order.get(0)).waiting() == 0, "it waits still");

    assertEquals(List.of(), order.get(0).service.sent());
  }

  @Test
  void aServerThatHungItselfTakesNobodyForMute() throws Exception {
    hang(order.get(0), Sign.ALIVE);
    passLong();
    clock(order.get(0)).goOn();
    pass(Duration.ofSeconds(2));
    assertEquals(3, order.get(0).shared.members());

    goOn(order.get(0));
    passLong();
    assertEquals(3, order.get(0).shared.members());
  }
}
