// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.until;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.pushserver.cluster.SignOfLife.Sign;
import org.pushserver.dispatch.OneApplication;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.OneProcessNodes;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.queue.PushCounts;
import org.pushserver.queue.PushStore;
import org.pushserver.spi.SamplePush;
import org.pushserver.spi.Time;

/** Servers of one cluster, in this process, and the time and the network that they have. */
abstract class ManyServers {
  static final Duration MOMENT = Duration.ofMillis(200);
  static final Duration TICK = Duration.ofMillis(CopyStore.TICK_MS);

  /** More than the turns of event loops between a question and its answer. */
  private static final int TURNS = 4;

  final Vertx vertx = Vertx.vertx();
  final ManualTime time = new ManualTime(SamplePush.BORN);
  final OneProcessNodes network = new OneProcessNodes(vertx, time);
  final Map<String, Sign> signs = new HashMap<>();
  final List<ServerOfMany> servers = new ArrayList<>();
  final Map<String, StoppableTime> clocks = new HashMap<>();

  /**
   * Lets time pass, and all servers do what they have to do by then: a clock that ran ahead of a
   * busy machine would end what waits for an answer before it could come.
   */
  void pass(Duration duration) {
    await(time.advance(duration));
    for (int turn = 0; turn < TURNS; turn++) {
      ((VertxInternal) vertx)
          .eventLoopGroup()
          .forEach(loop -> await(Future.future(done -> loop.execute(done::complete))));
    }
  }

  void start(String name, boolean hasApplication) {
    start(name, hasApplication, null);
  }

  /**
   * @param disk keeps its pushes, too; null when nothing does
   */
  void start(String name, boolean hasApplication, PushStore disk) {
    ServerOfMany server = add(name, hasApplication, disk);
    if (!hasApplication) {
      await(OneApplication.none(server.fleet));
    }
  }

  /** Adds one that has not come to its applications yet. */
  ServerOfMany begin(String name) {
    return add(name, false, null);
  }

  private ServerOfMany add(String name, boolean hasApplication, PushStore disk) {
    SignOfLife life = node -> Future.succeededFuture(signs.getOrDefault(node.name(), Sign.GONE));
    StoppableTime clock = new StoppableTime(time);
    clocks.put(name, clock);
    Nodes seen = seen(network.join(name), clock);
    ServerOfMany server = new ServerOfMany(vertx, seen, clock, life, hasApplication, disk);
    servers.add(server);
    return server;
  }

  /**
   * How a server sees the others, of which it is one.
   *
   * @param joined those that belong to the cluster
   */
  Nodes seen(Nodes joined, Time clock) {
    return joined;
  }

  /** The time that one of them has. */
  StoppableTime clock(ServerOfMany server) {
    return clocks.get(server.nodes.self().name());
  }

  void startThree() throws Exception {
    for (String name : List.of("a", "b", "c")) {
      start(name, true);
    }
    untilAllSee(3);
  }

  void untilAllSee(int count) throws Exception {
    until(
        () -> servers.stream().allMatch(one -> one.shared.members() == count),
        () -> "not all see " + count);
  }

  /** Ends a server at once; the others have seen that. */
  void kill(ServerOfMany server) throws Exception {
    network.kill(server.nodes);
    until(
        () ->
            servers.stream()
                .allMatch(
                    one -> one == server || one.shared.members() == one.nodes.members().size()),
        () -> "still there");
  }

  @AfterEach
  void close() throws Exception {
    // Also those that were killed, or stand still, end what they have.
    clocks.values().forEach(StoppableTime::goOn);
    Future<?> closed = Future.join(servers.stream().map(one -> one.fleet.close()).toList());
    until(
        () -> {
          pass(ServerOfMany.DRAIN);
          return closed.isComplete();
        },
        () -> "not closed");
    await(vertx.close());
  }

  Push push(Event event, String callId) {
    Push sample = SamplePush.of(event).callId(callId).bornAt(time.now()).life(64_000).push();
    return new Push(
        UUID.randomUUID(),
        ServerOfMany.KEY,
        sample.device(),
        sample.event(),
        sample.callId(),
        sample.details(),
        sample.bornAt(),
        sample.deadline());
  }

  Push ring(String callId) {
    return push(Event.INCOMING_SESSION, callId);
  }

  /** The servers by whose a call is: its own, the next one, the last. */
  List<ServerOfMany> order(String callId) {
    List<Node> nodes = servers.get(0).nodes.members();
    return new Ownership(nodes)
        .order(Ownership.key(callId)).stream()
            .map(node -> servers.stream().filter(one -> one.nodes.self().equals(node)).findFirst())
            .map(Optional::orElseThrow)
            .toList();
  }

  /** A call that is this server's own. */
  String callOf(ServerOfMany owner) {
    return IntStream.range(0, 100)
        .mapToObj(i -> "call " + i)
        .filter(id -> order(id).get(0) == owner)
        .findFirst()
        .orElseThrow();
  }

  /** A call of the servers that are there which belongs to the next one as soon as it comes. */
  String callOfNext(String name) {
    List<Node> nodes = new ArrayList<>(servers.get(0).nodes.members());
    Node next = new Node(name + "-" + (nodes.size() + 1), name, "test");
    nodes.add(next);
    Ownership later = new Ownership(nodes);
    return IntStream.range(0, 1000)
        .mapToObj(i -> "call " + i)
        .filter(id -> later.owner(Ownership.key(id)).equals(next))
        .findFirst()
        .orElseThrow();
  }

  static Future<Outcome> deliver(ServerOfMany at, Push push) {
    return at.at(() -> at.dispatcher.deliver(push));
  }

  static Future<Optional<Outcome>> accept(ServerOfMany at, Push push) {
    return at.at(() -> at.dispatcher.accept(push));
  }

  /** What its dispatcher was asked to before has been asked of the others. */
  static void untilItHasAsked(ServerOfMany server) {
    Void unused = await(server.at(() -> Future.succeededFuture()));
  }

  void untilSent(ServerOfMany server, int count) throws Exception {
    until(
        () -> {
          pass(TICK);
          return server.service.sent().size() == count;
        },
        () -> "sent " + server.service.sent());
  }

  void untilCopied(ServerOfMany holder, int count) throws Exception {
    until(
        () -> {
          pass(TICK);
          return holder.shared.held() == count;
        },
        () -> "copies: " + holder.shared.held());
  }

  /** Hands a push to the last server, for nobody who waits, until the next one has its copy. */
  void acceptAndCopy(List<ServerOfMany> order, Push push) throws Exception {
    Future<Optional<Outcome>> accepted = accept(order.get(2), push);
    untilCopied(order.get(1), 1);
    assertTrue(await(accepted).isEmpty());
  }

  /** Waits for something, and lets time pass meanwhile. */
  void untilTrue(BooleanSupplier isSo, String what) throws Exception {
    until(
        () -> {
          pass(MOMENT);
          return isSo.getAsBoolean();
        },
        () -> what);
  }

  static PushCounts counts(ServerOfMany server) {
    return await(server.fleet.counts(ServerOfMany.KEY));
  }
}
