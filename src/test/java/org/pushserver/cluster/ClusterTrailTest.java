// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.Await;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.MemoryTrail;
import org.pushserver.fake.OneProcessNodes;
import org.pushserver.push.AppKey;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailPage;
import org.pushserver.trail.TrailQuery;
import org.pushserver.trail.TrailScope;
import org.pushserver.trail.TrailStep;

/** A search in the trails of several servers. */
class ClusterTrailTest {
  private static final AppKey APP = new AppKey("com.example.phone", AppKey.APPLE);
  private static final AppKey OTHER = new AppKey("com.example.desk", AppKey.APPLE);
  private static final long BORN = 1_790_000_000_000L;

  private final Vertx vertx = Vertx.vertx();
  private final ManualTime time = new ManualTime();
  private final OneProcessNodes network = new OneProcessNodes(vertx, time);
  private final Server one = new Server("one");
  private final Server two = new Server("two");
  private final Server three = new Server("three");

  @AfterEach
  void close() {
    Await.await(vertx.close());
  }

  private final class Server {
    final Nodes nodes;
    final MemoryTrail own = new MemoryTrail();
    final ClusterTrail trail;

    Server(String name) {
      nodes = network.join(name);
      RollCall roll =
          new RollCall(
              nodes, time, ((VertxInternal) vertx).createEventLoopContext(), Map::of, () -> {});
      trail = new ClusterTrail(own, nodes, roll);
    }
  }

  private static TrailEntry entry(int number, AppKey app, TrailEnd end) {
    long at = BORN + number;
    return new TrailEntry(
        new UUID(7, number),
        at,
        end == null ? 0 : at + 5,
        end,
        app,
        "incoming_session",
        "call-" + number,
        "\"Zoë\" <sip:zoe@example.com>",
        "bob@example.com",
        "device",
        "00112233...",
        42,
        "192.0.2.7 key pbx",
        200,
        "",
        1,
        List.of(TrailStep.of(TrailStep.What.ACCEPTED, at, "")));
  }

  /** Each third push at another server. */
  private void fill(int pushes) {
    for (int i = 0; i < pushes; i++) {
      Server server = i % 3 == 0 ? one : i % 3 == 1 ? two : three;
      server.own.put(entry(i, APP, TrailEnd.DELIVERED));
    }
  }

  private void allAreHeard() {
    for (Server server : List.of(one, two, three)) {
      for (Server other : List.of(one, two, three)) {
        if (other != server) {
          NodeState state = new NodeState(1, false, 0, 0, 0, Map.of());
          Await.await(
              other.nodes.ask(
                  server.nodes.self(),
                  RollCall.QUESTION,
                  state.bytes(true),
                  Duration.ofSeconds(1)));
        }
      }
    }
  }

  private static TrailQuery all(int limit) {
    return TrailQuery.all(TrailScope.ALL, limit);
  }

  private static List<Long> numbers(List<TrailEntry> entries) {
    return entries.stream().map(entry -> entry.id().getLeastSignificantBits()).toList();
  }

  @Test
  void whoeverIsAskedTellsWhatAllHaveAndWhereItIs() {
    fill(3);
    two.own.put(entry(9, APP, null));
    allAreHeard();
    for (Server server : List.of(one, two, three)) {
      TrailPage page = Await.await(server.trail.search(all(100)));
      assertEquals(List.of(9L, 2L, 1L, 0L), numbers(page.entries()));
      assertEquals(
          List.of("two", "three", "two", "one"),
          page.entries().stream().map(TrailEntry::node).toList());
      assertEquals(entry(9, APP, null).foundAt("two"), page.entries().get(0));
      assertEquals(entry(2, APP, TrailEnd.DELIVERED).foundAt("three"), page.entries().get(1));
      assertTrue(page.next().isEmpty());
      assertTrue(page.notes().isEmpty());
    }
  }

  @Test
  void pageByPageAllAreToldOnceAndInOrder() {
    fill(50);
    allAreHeard();
    List<TrailEntry> told = new ArrayList<>();
    String cursor = "";
    int pages = 0;
    do {
      TrailPage page = Await.await(one.trail.search(all(7).after(cursor)));
      told.addAll(page.entries());
      cursor = page.next();
      pages++;
      // What comes meanwhile belongs to no later page.
      two.own.put(entry(1000 + pages, APP, TrailEnd.DELIVERED));
    } while (!cursor.isEmpty() && pages < 20);
    assertEquals(LongStream.rangeClosed(0, 49).map(i -> 49 - i).boxed().toList(), numbers(told));
  }

  @Test
  void nobodySeesElsewhereWhatHeMayNotSeeHere() {
    two.own.put(entry(1, APP, TrailEnd.DELIVERED));
    two.own.put(entry(2, OTHER, TrailEnd.DELIVERED));
    two.own.put(entry(3, null, TrailEnd.NOT_LET_IN));
    allAreHeard();
    TrailScope scope = app -> APP.equals(app);
    assertEquals(
        List.of(1L), numbers(Await.await(one.trail.search(TrailQuery.all(scope, 10))).entries()));
  }

  @Test
  void aServerThatDoesNotAnswerIsNamedAndNotWaitedFor() {
    fill(3);
    allAreHeard();
    network.silence(two.nodes);
    Await.await(time.advance(Duration.ofSeconds(4)));
    allButTwoAreHeard();
    TrailPage page = Await.await(one.trail.search(all(100)));
    assertEquals(List.of(2L, 0L), numbers(page.entries()));
    assertEquals(List.of("Server two is missing here: it does not answer"), page.notes());
    assertTrue(page.next().isEmpty());
  }

  private void allButTwoAreHeard() {
    NodeState state = new NodeState(1, false, 0, 0, 0, Map.of());
    Await.await(
        three.nodes.ask(
            one.nodes.self(), RollCall.QUESTION, state.bytes(true), Duration.ofSeconds(1)));
  }

  @Test
  void aCursorThatIsNoneIsRefused() {
    allAreHeard();
    for (String cursor : List.of("n~x", "n~one~~~", "n~one~~~x", "n~one~~nouuid~1", "nonsense")) {
      assertInstanceOf(
          IllegalArgumentException.class, Await.failure(one.trail.search(all(10).after(cursor))));
    }
  }
}
