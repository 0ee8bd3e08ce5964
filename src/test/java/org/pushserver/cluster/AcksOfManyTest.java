// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushserver.api.AckApi;
import org.pushserver.api.ApiResponse;
import org.pushserver.api.AskedPush;
import org.pushserver.api.Caller;
import org.pushserver.api.RequestRefused;
import org.pushserver.config.ApiKey;
import org.pushserver.config.KeyHash;
import org.pushserver.config.Right;
import org.pushserver.dispatch.RecentPushes;
import org.pushserver.fake.Await;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.MemoryTrail;
import org.pushserver.fake.OneProcessNodes;
import org.pushserver.observe.Meters;
import org.pushserver.push.AppKey;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.spi.SamplePush;
import org.pushserver.trail.TrailNote;
import org.pushserver.trail.TrailStep.What;

/** What is said of a phone at one server of a cluster, when another has pushed it. */
class AcksOfManyTest {
  private static final String CALL = "4711@pbx.example.com";

  private final Vertx vertx = Vertx.vertx();
  private final ManualTime time = new ManualTime(SamplePush.BORN);

  /** How long an answer is awaited: as long as it takes, unless a test says otherwise. */
  private final ManualTime patience = new ManualTime();

  private final OneProcessNodes network = new OneProcessNodes(vertx, patience);
  private final List<Server> servers =
      Stream.of("one", "two", "three").map(name -> new Server(network.join(name))).toList();

  private final class Server {
    final Nodes nodes;
    final MemoryTrail trail = new MemoryTrail();
    final RecentPushes recent = new RecentPushes(time);
    final Meters meters = new Meters(time);
    final AckApi api;

    Server(Nodes nodes) {
      this.nodes = nodes;
      Context context = ((VertxInternal) vertx).createEventLoopContext();
      RollCall roll = new RollCall(nodes, time, context, Map::of, () -> {});
      api =
          new AckApi(
              recent, Optional.of(trail), new WhoKnows(nodes, roll, "ack"), meters.acks(), time);
    }
  }

  @AfterEach
  void close() {
    servers.forEach(server -> server.meters.close());
    Await.await(vertx.close());
  }

  private void allAreHeard() {
    for (Server server : servers) {
      for (Server other : servers) {
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

  /** All, the one first that a call belongs to. */
  private List<Server> order(String callId) {
    List<Node> order = new Ownership(servers.get(0).nodes.members()).order(Ownership.key(callId));
    return order.stream()
        .map(node -> servers.stream().filter(one -> one.nodes.self().equals(node)).findFirst())
        .map(Optional::orElseThrow)
        .toList();
  }

  private static Push ring(String deviceId) {
    Push sample = SamplePush.of(Event.INCOMING_SESSION).callId(CALL).push();
    return new Push(
        UUID.randomUUID(),
        sample.app(),
        new Device(sample.device().token(), deviceId),
        sample.event(),
        CALL,
        sample.details(),
        sample.bornAt(),
        sample.deadline());
  }

  private static JsonObject said(ApiResponse answer) {
    return new JsonObject(answer.body());
  }

  private static JsonObject said(Server at, JsonObject ack) {
    return said(Await.await(at.api.acknowledge(new AskedPush(ack.encode()))));
  }

  private static RequestRefused refused(Server at, JsonObject ack) {
    return assertInstanceOf(
        RequestRefused.class, Await.failure(at.api.acknowledge(new AskedPush(ack.encode()))));
  }

  private static JsonObject ofCall() {
    return new JsonObject().put("call-id", CALL);
  }

  @Test
  void itIsPutDownWhereThePushIsByItsCallIdOrById() {
    allAreHeard();
    List<Server> order = order(CALL);
    // As when servers have come or gone meanwhile: not where the call belongs now.
    for (Server has : List.of(order.get(0), order.get(1))) {
      Push ring = ring("phone-1");
      has.recent.accepted(ring, true);
      Server asked = order.get(2);
      JsonObject ack =
          has == order.get(0) ? ofCall() : new JsonObject().put("id", ring.id().toString());
      JsonObject first = said(asked, ack.copy().put("woken-at", "now"));
      assertEquals("acknowledged", first.getString("description"));
      assertEquals(ring.id().toString(), first.getJsonObject("data").getString("id"));
      assertEquals("phone-1", first.getJsonObject("data").getString("device-id"));
      assertEquals("known already", said(asked, ack).getString("description"));
      TrailNote note = has.trail.notes().get(0);
      assertEquals(ring.id(), note.push());
      assertEquals(What.WOKEN, note.step().what());
      assertTrue(note.step().text().startsWith("said by "), note.step().text());
      assertEquals(List.of(), asked.trail.notes());
      assertTrue(!has.recent.mayRepeat(ring), "it would be pushed once more");
    }
  }

  @Test
  void severalAreAnsweredEachAsItIs() {
    allAreHeard();
    List<Server> order = order(CALL);
    order.get(0).recent.accepted(ring("phone-1"), true);
    order.get(0).recent.accepted(ring("phone-2"), true);
    JsonObject answer =
        said(
            order.get(1),
            new JsonObject()
                .put(
                    "acks",
                    List.of(
                        ofCall(),
                        ofCall().put("device-id", "phone-2"),
                        new JsonObject().put("call-id", "none"))));
    List<Integer> codes =
        answer.getJsonObject("data").getJsonArray("acks").stream()
            .map(one -> ((JsonObject) one).getInteger("code"))
            .toList();
    assertEquals(List.of(400, 200, 404), codes);
    assertTrue(refused(order.get(1), ofCall()).description().contains("2 phones were pushed"));
  }

  @Test
  void ofAnApplicationThatAKeyDoesNotOpenNothingIsKnownElsewhereEither() {
    allAreHeard();
    List<Server> order = order(CALL);
    Push ring = ring("phone-1");
    order.get(0).recent.accepted(ring, true);
    assertEquals(404, statusWith(order.get(1), Set.of("com.rival.phone"), Set.of()));
    assertEquals(List.of(), order.get(0).trail.notes());
    assertEquals(200, statusWith(order.get(1), Set.of(ring.app().appId()), Set.of()));
    assertEquals(200, statusWith(order.get(1), Set.of(), Set.of(ring.app())));
  }

  private static int statusWith(Server at, Set<String> appIds, Set<AppKey> apps) {
    ApiKey key = new ApiKey("app", KeyHash.newKey(), false, appIds, apps, Set.of(Right.ACKS));
    AskedPush asked = new AskedPush(ofCall().encode(), new Caller("192.0.2.9", key), true);
    return at.api
        .acknowledge(asked)
        .map(answer -> said(answer).getInteger("code"))
        .recover(cause -> Future.succeededFuture(((RequestRefused) cause).status()))
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  @Test
  void aServerThatDoesNotAnswerIsNamedUnlessAnotherKnows() throws Exception {
    allAreHeard();
    List<Server> order = order(CALL);
    network.silence(order.get(0).nodes);
    Future<ApiResponse> answer = order.get(1).api.acknowledge(new AskedPush(ofCall().encode()));
    Await.until(
        () -> {
          patience.advance(Duration.ofSeconds(3));
          return answer.isComplete();
        },
        () -> "no answer");
    RequestRefused refusal = assertInstanceOf(RequestRefused.class, Await.failure(answer));
    assertEquals(503, refusal.status());
    String name = order.get(0).nodes.self().name();
    assertTrue(refusal.description().contains("Server " + name), refusal.description());
    // Who is known not to answer is not asked.
    time.advance(RollCall.SILENCE.plusSeconds(1));
    for (Server other : List.of(order.get(1), order.get(2))) {
      heard(other, order.get(1) == other ? order.get(2) : order.get(1));
    }
    assertEquals(503, refused(order.get(1), ofCall()).status());
    order.get(2).recent.accepted(ring("phone-1"), true);
    assertEquals(200, said(order.get(1), ofCall()).getInteger("code"));
  }

  @Test
  void aServerThatTakesNoAcknowledgementsIsNoneThatDoesNotAnswer() {
    allAreHeard();
    List<Server> order = order(CALL);
    for (Server off : List.of(order.get(0), order.get(2))) {
      RollCall roll = new RollCall(off.nodes, time, vertx.getOrCreateContext(), Map::of, () -> {});
      assertSame(AckApi.OFF, AckApi.off(new WhoKnows(off.nodes, roll, "ack")));
    }
    assertEquals(404, refused(order.get(1), ofCall()).status());
  }

  private static void heard(Server teller, Server of) {
    NodeState state = new NodeState(1, false, 0, 0, 0, Map.of());
    Await.await(
        teller.nodes.ask(
            of.nodes.self(), RollCall.QUESTION, state.bytes(true), Duration.ofSeconds(1)));
  }
}
