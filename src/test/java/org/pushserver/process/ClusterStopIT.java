// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.pushserver.fake.Await.await;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.Await;
import org.pushserver.sandbox.Notification;

/** A server of two, each a process, is told to stop. */
@Timeout(180)
@EnabledIfSystemProperty(
    named = "pushserver.cluster",
    matches = "true",
    disabledReason = "bin/check --long stops one of two servers while pushes wait")
class ClusterStopIT {
  private static final int COUNT = 24;

  @TempDir private Path directory;

  @RegisterExtension private final ClusterFixture cluster = new ClusterFixture(() -> directory);

  private static String token(int number) {
    return String.format(Locale.ROOT, "ab%06x", number).repeat(8);
  }

  /** How often each token arrived. */
  private Map<String, Integer> arrived() {
    Map<String, Integer> arrived = new HashMap<>();
    for (Notification one : cluster.sandbox.journal().list()) {
      arrived.merge(one.path().substring(one.path().lastIndexOf('/') + 1), 1, Integer::sum);
    }
    return arrived;
  }

  /** At all servers. */
  private static long waiting(ServerProcess server) throws Exception {
    return new JsonObject(server.get("/health/ready"))
        .getJsonArray("nodes").stream()
            .map(JsonObject.class::cast)
            .mapToLong(node -> node.getLong("waiting"))
            .sum();
  }

  @Test
  void itHandsOverWhatWaitsAndWhoAsksAtItGetsTheAnswers() throws Exception {
    String applications = cluster.withoutApple(1);
    cluster.withoutApple(2);
    ServerProcess first = cluster.start(1);
    ServerProcess second = cluster.start(2);
    first.untilLogged("members: n1, n2$");
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      answers.add(first.push(token(i)));
    }
    Await.until(() -> waiting(second) == COUNT, () -> "not all wait");

    first.signal("TERM");
    first.untilLogged("other servers go on with");
    Files.writeString(cluster.applications(2), applications);
    second.signal("HUP");

    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      assertEquals(200, await(answer).statusCode());
    }
    assertEquals(0, first.exitCode(20));
    Map<String, Integer> arrived = arrived();
    assertEquals(COUNT, arrived.size(), "lost");
    assertEquals(List.of(), arrived.values().stream().filter(times -> times > 1).toList());
  }
}
