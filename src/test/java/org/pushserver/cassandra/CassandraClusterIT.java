// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cassandra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.until;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.pushserver.config.CassandraSettings;
import org.pushserver.fake.TestCassandra;
import org.pushserver.push.AppKey;
import org.pushserver.tokens.StoredToken;

/** Three nodes, of which one ends. It takes a minute, and more than a gigabyte. */
@EnabledIfSystemProperty(
    named = "pushserver.rounds",
    matches = "true",
    disabledReason = "it takes a minute: bin/check --long")
@Timeout(500)
class CassandraClusterIT {
  private static final AppKey APPLE = new AppKey("com.example.phone", AppKey.APPLE);
  private static final Duration RESTART = Duration.ofMinutes(2);

  private static final Vertx VERTX = Vertx.vertx();
  private static List<TestCassandra> nodes = List.of();

  @BeforeAll
  static void start() throws Exception {
    nodes = TestCassandra.cluster(3);
    for (TestCassandra node : nodes) {
      node.start();
    }
  }

  @AfterAll
  static void end() {
    await(VERTX.close());
    nodes.forEach(TestCassandra::end);
  }

  private static CassandraSettings with(CassandraSettings plain, String consistency) {
    return new CassandraSettings(
        plain.contactPoints(),
        plain.keyspace(),
        plain.table(),
        false,
        "",
        "",
        "",
        false,
        List.of(),
        consistency,
        plain.timeout());
  }

  private static StoredToken device(String account, String deviceId) {
    return new StoredToken(account, APPLE, deviceId, "token-" + deviceId, null, true, null, 0, 0);
  }

  /** Adds one device after the other, and remembers which were answered. */
  private static final class Load {
    private final CassandraTokenStore store;
    private final Queue<StoredToken> stored = new ConcurrentLinkedQueue<>();
    private int next;
    private volatile boolean isOver;

    Load(CassandraTokenStore store) {
      this.store = store;
      add();
    }

    private void add() {
      if (isOver) {
        return;
      }
      StoredToken one = device("load" + next % 50 + "@example.com", "phone-" + next);
      next++;
      store
          .add(one)
          .onComplete(
              done -> {
                if (done.succeeded()) {
                  boolean unused = stored.add(one);
                }
                long unused = VERTX.setTimer(5, turn -> add());
              });
    }

    void untilMore(int number) throws Exception {
      int before = stored.size();
      until(() -> stored.size() >= before + number, () -> stored.size() + " of " + before);
    }
  }

  /** Why it does not know an account that is not in memory; empty when it does. */
  private static String saysOf(CassandraTokenStore store) {
    return await(store.devices("stranger@example.com").map("").otherwise(Throwable::getMessage));
  }

  private static void assertAllThere(CassandraTokenStore store, Load load) {
    for (StoredToken one : load.stored) {
      assertTrue(
          await(store.devices(one.account())).stream().anyMatch(other -> other.has(one.token())),
          one::toString);
    }
  }

  @Test
  void withOneNodeOfThreeGoneAQuorumGoesOnAndWithTwoGoneItIsSaid() throws Exception {
    CassandraSettings three = nodes.get(0).keyspace("three", 3);
    CassandraTokenStore quorum =
        new CassandraTokenStore(VERTX, three, 100, System::currentTimeMillis);
    CassandraTokenStore all =
        new CassandraTokenStore(VERTX, with(three, "all"), 100, System::currentTimeMillis);
    CassandraTokenStore one =
        new CassandraTokenStore(VERTX, with(three, "one"), 100, System::currentTimeMillis);
    Load load = new Load(quorum);
    try {
      load.untilMore(100);
      await(all.add(device("all@example.com", "phone-1")));
      // The one that was named as contact point.
      nodes.get(0).kill();
      load.untilMore(300);
      // The other nodes notice after some seconds, and wait for it until then.
      until(RESTART, () -> saysOf(all).contains("are up for consistency = all"), () -> saysOf(all));
      until(RESTART, () -> quorum.state().isUsable(), () -> quorum.state().problem());
      load.untilMore(300);
      assertAllThere(quorum, load);
      await(one.add(device("one@example.com", "phone-1")));

      nodes.get(1).kill();
      until(
          RESTART,
          () -> saysOf(quorum).contains("are up for consistency = local_quorum"),
          () -> saysOf(quorum));
      until(RESTART, () -> one.state().isUsable(), () -> one.state().problem());
      assertEquals(List.of(), await(one.devices("stranger@example.com")));

      nodes.get(1).start();
      until(RESTART, () -> quorum.state().isUsable(), () -> quorum.state().problem());
      load.untilMore(100);
      nodes.get(0).start();
      until(RESTART, () -> all.state().isUsable(), () -> all.state().problem());
      load.isOver = true;
      assertAllThere(quorum, load);
      assertAllThere(all, load);
    } finally {
      load.isOver = true;
      for (CassandraTokenStore store : List.of(quorum, all, one)) {
        await(store.close());
      }
    }
  }
}
