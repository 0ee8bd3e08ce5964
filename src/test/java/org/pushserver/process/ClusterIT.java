// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.Await;

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

  private Set<String> arrived() {
    Set<String> arrived = new TreeSet<>();
    cluster
        .sandbox
        .journal()
        .list()
        .forEach(one -> arrived.add(one.path().substring(one.path().lastIndexOf('/') + 1)));
    return arrived;
  }

  @Test
  void aPushToEitherRingsOnceAndNoneIsLostWhenOneIsKilledUnderLoad() throws Exception {
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

    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 32; i < RINGS; i++) {
      answers.add(first.push(token(i)));
      if (i == RINGS / 3) {
        second.kill();
      }
      LockSupport.parkNanos(PAUSE_NS);
    }
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      assertEquals(200, await(answer).statusCode());
    }
    assertEquals(RINGS, arrived().size(), "lost");
    assertTrue(cluster.sandbox.journal().list().size() < RINGS * 21 / 20, "doubled");
    first.untilLogged("n2 has gone; members: n1$");
    Await.until(
        () -> first.get("/metrics").contains("pushserver_cluster_members 1.0"),
        () -> "the second is still there");
    first.signal("TERM");
    assertEquals(0, first.exitCode(60));
  }
}
