// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.Await;
import org.pushserver.fake.Command;

/**
 * Two servers, each a process, are one until one is killed. What three do, and how one sends
 * through another, is looked at in {@code bin/check --long}.
 */
@Timeout(180)
class ClusterIT {
  private static final int RINGS = 300;
  private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(2);

  @TempDir private Path directory;

  @RegisterExtension private final ClusterFixture cluster = new ClusterFixture(() -> directory);

  private static String token(int number) {
    return String.format(Locale.ROOT, "ab%06x", number).repeat(8);
  }

  /** How often each phone rang, by its token. */
  private Map<String, Long> arrived() {
    return cluster.sandbox.journal().list().stream()
        .map(one -> one.path().substring(one.path().lastIndexOf('/') + 1))
        .collect(Collectors.groupingBy(token -> token, Collectors.counting()));
  }

  private static Set<String> unanswered(
      Map<String, CompletableFuture<HttpResponse<String>>> answers) {
    return answers.entrySet().stream()
        .filter(one -> !one.getValue().isDone())
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private static void withTrail(Path general) throws IOException {
    Files.writeString(
        general,
        Files.readString(general)
            .replace("trail = no", "trail = yes\nacks = yes\nadmin_port = 0")
            .replace("state_dir = ../state", "state_dir = state"));
  }

  private static JsonArray pushes(ServerProcess server, String path) throws Exception {
    return new JsonObject(server.get(admin(server) + path)).getJsonArray("pushes");
  }

  private static String admin(ServerProcess server) throws Exception {
    return server.untilLogged("health and metrics on (http://\\S+)").group(1);
  }

  /** Of pushes with the numbers 0 to 31, wherever they were sent. */
  private static void assertEitherTellsOfAll(ServerProcess first, ServerProcess second)
      throws Exception {
    for (int i = 0; i < 4; i++) {
      JsonObject ack = new JsonObject().put("call-id", token(i)).put("displayed-at", "now");
      assertEquals(200, await(second.postTo("/v3/acks", ack.encode())).statusCode());
      String call = pushes(first, "/v3/calls/" + token(i)).encode();
      assertTrue(call.contains("\"what\":\"displayed\""), call);
    }
    for (ServerProcess asked : List.of(first, second)) {
      JsonArray all = pushes(asked, "/v3/pushes?outcome=delivered");
      assertEquals(32, all.size());
      assertEquals(
          Set.of("n1", "n2"),
          all.stream()
              .map(push -> ((JsonObject) push).getString("node"))
              .collect(Collectors.toSet()));
    }
    Command.Ended why =
        Command.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                ServerProcess.wholeClassPath(),
                "org.pushserver.Main",
                "why",
                "--url",
                admin(first),
                token(31))
            .run();
    assertEquals(0, why.code(), why.said());
    assertTrue(why.said().contains("at server n"), why.said());
  }

  @Test
  void aPushToEitherRingsOnceAndNoneIsLostWhenOneIsKilledUnderLoad() throws Exception {
    for (int node : List.of(1, 2)) {
      withTrail(cluster.config(node).resolve("general.ini"));
    }
    ServerProcess first = cluster.begin(1);
    // Two that begin at the same moment would not find each other at once.
    first.untilLogged("this server begins alone");
    ServerProcess second = cluster.start(2);
    first.untilServing();
    first.untilLogged("n2 is there, with Pushserver .*; members: n1, n2$");
    second.untilLogged("members: n1, n2$");
    for (int i = 0; i < 16; i++) {
      assertEquals(200, await(first.push(token(i))).statusCode());
      assertEquals(200, await(second.push(token(i + 16))).statusCode());
    }
    assertEquals(32, cluster.sandbox.journal().list().size());
    assertEitherTellsOfAll(first, second);

    Map<String, CompletableFuture<HttpResponse<String>>> answers = new TreeMap<>();
    Set<String> onTheWay = Set.of();
    for (int i = 32; i < RINGS; i++) {
      answers.put(token(i), first.push(token(i)));
      if (i == RINGS / 3) {
        onTheWay = unanswered(answers);
        second.kill();
      }
      LockSupport.parkNanos(PAUSE_NS);
    }
    for (CompletableFuture<HttpResponse<String>> answer : answers.values()) {
      assertEquals(200, await(answer).statusCode());
    }
    Map<String, Long> arrived = arrived();
    assertEquals(RINGS, arrived.size(), "lost");
    arrived.values().removeIf(times -> times == 1);
    assertTrue(
        onTheWay.containsAll(arrived.keySet()) && Set.of(2L).containsAll(arrived.values()),
        "rang more than once: " + arrived + ", without an answer at the kill: " + onTheWay);
    first.untilLogged("n2 has gone; members: n1$");
    Await.until(
        () -> first.get(admin(first) + "/metrics").contains("pushserver_cluster_members 1.0"),
        () -> "the second is still there");
    first.signal("TERM");
    assertEquals(0, first.exitCode(60));
  }
}
