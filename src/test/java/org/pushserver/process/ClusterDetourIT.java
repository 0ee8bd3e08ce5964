// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.Await;

/** Servers, each a process, send for each other and know of each other. */
@Timeout(180)
@EnabledIfSystemProperty(
    named = "pushserver.cluster",
    matches = "true",
    disabledReason = "bin/check --long takes the way to Apple from a server")
class ClusterDetourIT {
  @TempDir private Path directory;

  @RegisterExtension private final ClusterFixture cluster = new ClusterFixture(() -> directory);

  private static JsonObject health(ServerProcess server) throws Exception {
    return new JsonObject(server.get("/health/ready"));
  }

  private static JsonObject apple(ServerProcess server) throws Exception {
    return health(server).getJsonArray("applications").stream()
        .map(JsonObject.class::cast)
        .filter(one -> one.getString("platform").equals("apple"))
        .filter(one -> one.getString("app_id").equals("com.example.phone"))
        .findFirst()
        .orElseThrow();
  }

  /** The states of the servers, as one of them sees them. */
  private static List<String> nodes(ServerProcess server) throws Exception {
    JsonArray nodes = health(server).getJsonArray("nodes");
    return nodes.stream()
        .map(JsonObject.class::cast)
        .map(one -> one.getString("name") + " " + one.getString("state"))
        .toList();
  }

  @Test
  void aServerWithoutAConnectionSendsThroughAnotherAndAllSeeAll() throws Exception {
    cluster.withoutApple(1);
    ServerProcess first = cluster.start(1);
    ServerProcess second = cluster.start(2);
    Await.until(
        () -> apple(first).getString("reason").startsWith("through n2; here: "),
        () -> "health: " + first.log());
    assertEquals("connected", apple(first).getString("state"));
    for (int i = 0; i < 8; i++) {
      String token = ("a" + i).repeat(32);
      assertEquals(200, await(first.push(token)).statusCode());
      assertEquals(200, await(second.push(token.replace('a', 'b'))).statusCode());
    }
    assertEquals(16, cluster.sandbox.journal().list().size());
    assertEquals(List.of("n1 up", "n2 up"), nodes(second));
    assertTrue(first.get("/metrics").contains("pushserver_cluster_members 2.0"), "members");
    first.kill();
    second.untilLogged("n1 has gone");
    Await.until(() -> nodes(second).equals(List.of("n2 up")), () -> "n1 is still there");
  }
}
