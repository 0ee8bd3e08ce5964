// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
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
import org.pushserver.trail.TrailFollower;
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

  /** How long an answer is awaited: as long as it takes, unless a test says otherwise. */
  private final ManualTime patience = new ManualTime();

  private final OneProcessNodes network = new OneProcessNodes(vertx, patience);
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
    final Context context = ((VertxInternal) vertx).createEventLoopContext();
    final ClusterTrail trail;

    Server(String name) {
      nodes = network.join(name);
      RollCall roll = new RollCall(nodes, time, context, Map::of, () -> {});
      trail = new ClusterTrail(own, nodes, roll, time, context);
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
        List.of(TrailStep.of(TrailStep.What.ACCEPTED, at, "")),
        "");
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
  void aPushIsFoundByItsIdWhereverItIs() {
    fill(9);
    allAreHeard();
    TrailPage page = Await.await(one.trail.search(all(100).ofPush(new UUID(7, 5))));
    assertEquals(List.of(5L), numbers(page.entries()));
    assertEquals("three", page.entries().get(0).node());
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

  /** Remembers what it is told, as words. */
  private static final class Follower implements TrailFollower {
    private final List<String> told = new CopyOnWriteArrayList<>();

    @Override
    public void take(TrailEntry entry) {
      told.add(entry.node() + " " + entry.callId());
    }

    @Override
    public void missed(long count) {
      told.add("missed " + count);
    }

    @Override
    public void note(String sentence) {
      told.add(sentence);
    }

    /** Waits until it has been told something. */
    void until(ManualTime time, String words) throws Exception {
      Await.until(
          () -> {
            time.advance(Duration.ofMillis(OtherTails.EVERY_MS));
            return told.contains(words);
          },
          () -> words + " is not in " + told);
    }
  }

  private void untilFollowed(Server server, int count) throws Exception {
    Await.until(() -> server.own.followers() == count, () -> "followed " + server.own.followers());
  }

  @Test
  void whoFollowsAtOneIsToldWhatComesToAllAndWhere() throws Exception {
    Follower reader = new Follower();
    Runnable end = one.trail.follow(TrailScope.ALL, reader);
    untilFollowed(two, 1);
    untilFollowed(three, 1);
    fill(3);
    for (String told : List.of("one call-0", "two call-1", "three call-2")) {
      reader.until(time, told);
    }
    assertEquals(3, reader.told.size());
    end.run();
    assertEquals(0, one.own.followers());
    // What comes to nobody's ears is not kept for anybody.
    Await.until(
        () -> {
          time.advance(Duration.ofMillis(TailAnswers.KEPT_MS + 1));
          two.own.put(entry(7, APP, TrailEnd.DELIVERED));
          return two.own.followers() == 0;
        },
        () -> "two is still followed");
    assertEquals(3, reader.told.size());
  }

  @Test
  void whoFollowsAnewIsNotToldOfWhatCameWhenNobodyDid() throws Exception {
    Follower before = new Follower();
    Runnable end = one.trail.follow(TrailScope.ALL, before);
    untilFollowed(two, 1);
    two.own.put(entry(1, APP, TrailEnd.DELIVERED));
    before.until(time, "two call-1");
    end.run();
    Await.until(
        () -> {
          time.advance(Duration.ofMillis(OtherTails.EVERY_MS));
          Promise<Void> turn = Promise.promise();
          one.context.runOnContext(go -> turn.complete());
          Await.await(turn.future());
          return time.pending() == 0;
        },
        () -> "two is still asked");
    two.own.put(entry(2, APP, TrailEnd.DELIVERED));
    Follower since = new Follower();
    Runnable unused = one.trail.follow(TrailScope.ALL, since);
    Await.until(
        () -> {
          two.own.put(entry(3, APP, TrailEnd.DELIVERED));
          time.advance(Duration.ofMillis(OtherTails.EVERY_MS));
          return since.told.contains("two call-3");
        },
        () -> "told " + since.told);
    assertFalse(since.told.contains("two call-2"), () -> "told " + since.told);
  }

  @Test
  void nobodyIsToldOfWhatHeMayNotSeeElsewhere() throws Exception {
    Follower reader = new Follower();
    Runnable unused = one.trail.follow(app -> APP.equals(app), reader);
    untilFollowed(two, 1);
    two.own.put(entry(1, OTHER, TrailEnd.DELIVERED));
    two.own.put(entry(2, null, TrailEnd.NOT_LET_IN));
    two.own.put(entry(3, APP, TrailEnd.DELIVERED));
    reader.until(time, "two call-3");
    assertEquals(List.of("two call-3"), reader.told);
  }

  @Test
  void whoFollowsIsToldTheNameOfAServerThatDoesNotAnswer() throws Exception {
    Follower first = new Follower();
    Runnable unused = one.trail.follow(TrailScope.ALL, first);
    untilFollowed(two, 1);
    network.silence(two.nodes);
    Await.until(
        () -> {
          time.advance(Duration.ofMillis(OtherTails.EVERY_MS));
          patience.advance(Duration.ofSeconds(3));
          return first.told.contains("Server two is missing here: it does not answer");
        },
        () -> "told " + first.told);
    Follower second = new Follower();
    Runnable unusedToo = one.trail.follow(TrailScope.ALL, second);
    second.until(time, "Server two is missing here: it does not answer");
    three.own.put(entry(2, APP, TrailEnd.DELIVERED));
    second.until(time, "three call-2");
    network.speak(two.nodes);
    second.until(time, "Server two answers again");
    assertEquals(
        1, first.told.stream().filter(told -> told.equals("Server two answers again")).count());
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
