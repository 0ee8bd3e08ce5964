// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.Await;
import org.pushserver.sandbox.Notification;

/** Three servers, each a process, have the pushes of each other in hand. */
@Timeout(180)
@EnabledIfSystemProperty(
    named = "pushserver.cluster",
    matches = "true",
    disabledReason = "bin/check --long kills one of three servers")
class ClusterPushesIT {
  private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(2);

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

  @Test
  void noPushIsLostWhenOneOfThreeIsKilledUnderLoad() throws Exception {
    ServerProcess first = cluster.start(1);
    ServerProcess second = cluster.start(2);
    ServerProcess third = cluster.start(3);
    for (ServerProcess each : List.of(first, second, third)) {
      each.untilLogged("members: n1, n2, n3$");
    }
    int count = 900;
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      answers.add((i % 2 == 0 ? first : second).push(token(i)));
      if (i == count / 3) {
        third.kill();
      }
      LockSupport.parkNanos(PAUSE_NS);
    }
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      assertEquals(200, await(answer).statusCode());
    }
    Map<String, Integer> arrived = arrived();
    assertEquals(count, arrived.size(), "lost");
    long doubled = arrived.values().stream().filter(times -> times > 1).count();
    assertTrue(doubled < count / 20, doubled + " doubled");
    Await.until(
        () -> first.get("/metrics").contains("pushserver_cluster_members 2.0"),
        () -> "the third is still there");
  }
}
