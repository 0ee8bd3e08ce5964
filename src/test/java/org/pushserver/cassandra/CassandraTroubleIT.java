// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cassandra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.failure;
import static org.pushserver.fake.Await.until;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pushserver.config.CassandraSettings;
import org.pushserver.fake.TestCassandra;
import org.pushserver.push.AppKey;
import org.pushserver.tokens.DeadDevice;
import org.pushserver.tokens.StoredToken;
import org.pushserver.tokens.TokenStoreException;

/** A cluster that ends, is frozen, or is not there yet. */
@Timeout(300)
class CassandraTroubleIT {
  private static final AppKey APPLE = new AppKey("com.example.phone", AppKey.APPLE);
  private static final Duration RESTART = Duration.ofSeconds(90);

  private static TestCassandra cassandra;
  private static CassandraSettings settings;

  private final Vertx vertx = Vertx.vertx();
  private final CassandraTokenStore store =
      new CassandraTokenStore(vertx, settings, 1000, System::currentTimeMillis);

  @BeforeAll
  static void makeTables() throws Exception {
    cassandra = TestCassandra.shared();
    settings = cassandra.keyspace("trouble");
  }

  @AfterEach
  void close() {
    await(store.close());
    await(vertx.close());
  }

  private static StoredToken device(String account, String deviceId, String token) {
    return new StoredToken(account, APPLE, deviceId, token, null, true, null, 0, 0);
  }

  private static DeadDevice dead(String account, String token) {
    return new DeadDevice(APPLE, token, account, null, System.currentTimeMillis());
  }

  private void untilUsable(CassandraTokenStore which) throws Exception {
    until(RESTART, () -> which.state().isUsable(), () -> which.state().problem());
  }

  /** Adds one device after the other, and remembers which were answered. */
  private final class Load {
    private final Queue<StoredToken> stored = new ConcurrentLinkedQueue<>();
    private int next;
    private volatile boolean isOver;

    void begin(String account) {
      if (isOver) {
        return;
      }
      StoredToken one = device(account, "phone-" + next, "token-" + next);
      store
          .add(one)
          .onComplete(
              done -> {
                if (done.succeeded()) {
                  boolean unused = stored.add(one);
                  next++;
                }
                long unused = vertx.setTimer(5, turn -> begin(account));
              });
    }
  }

  @Test
  void killedUnderLoadItLosesNothingThatWasAnsweredAndComesBack() throws Exception {
    await(store.add(device("known@example.com", "phone-1", "alive")));
    await(store.add(device("known@example.com", "phone-2", "dying")));
    long before = System.currentTimeMillis() - 1000;
    await(store.add(device("known@example.com", "phone-3", "renewed")));
    assertEquals(3, await(store.devices("known@example.com")).size());
    await(store.add(device("registered@example.com", "phone-1", "not called yet")));
    Load load = new Load();
    load.begin("load@example.com");
    until(() -> load.stored.size() >= 100, () -> load.stored.size() + " stored");
    cassandra.kill();
    DeadDevice dying = dead("known@example.com", "dying");
    DeadDevice renewed = new DeadDevice(APPLE, "renewed", "known@example.com", null, before);
    CassandraTokenStore late;
    try {
      until(() -> !store.state().isUsable(), () -> "it is taken for alive");
      String problem = store.state().problem();
      assertTrue(problem.startsWith("Cassandra at " + settings.nodes() + " cannot be"), problem);
      assertEquals(problem, failure(store.devices("stranger@example.com")).getMessage());
      assertEquals(3, await(store.devices("known@example.com")).size());
      assertEquals(1, await(store.devices("registered@example.com")).size());
      for (DeadDevice one : List.of(dying, renewed)) {
        assertInstanceOf(TokenStoreException.class, failure(store.dead(one)), "it was not counted");
      }
      assertEquals(2, await(store.devices("known@example.com")).size());

      late = new CassandraTokenStore(vertx, settings, 10, System::currentTimeMillis);
      assertFalse(failure(late.devices("known@example.com")).getMessage().isEmpty());
    } finally {
      cassandra.start();
    }
    untilUsable(late);
    untilUsable(store);
    int already = load.stored.size();
    until(() -> load.stored.size() >= already + 50, () -> load.stored.size() + " of " + already);
    load.isOver = true;
    List<StoredToken> there = await(store.devices("load@example.com"));
    for (StoredToken one : load.stored) {
      assertTrue(there.stream().anyMatch(other -> other.has(one.token())), one::toString);
    }
    assertEquals(1, await(store.dead(dying)));
    assertEquals(0, await(store.dead(renewed)));
    assertEquals(
        List.of("alive", "renewed"),
        await(late.devices("known@example.com")).stream().map(StoredToken::token).toList());
    await(late.close());
  }

  @Test
  void frozenItCostsTwoTimeOutsAndKnownAccountsRing() throws Exception {
    await(store.add(device("frozen@example.com", "phone-1", "token")));
    assertEquals(1, await(store.devices("frozen@example.com")).size());
    cassandra.signal("STOP");
    try {
      assertEquals(1, await(store.devices("frozen@example.com")).size());
      assertTrue(store.state().isUsable(), "one time-out may be an accident");
      assertEquals(1, await(store.devices("frozen@example.com")).size());
      assertFalse(store.state().isUsable());
      assertTrue(
          store.state().problem().contains("does not answer within 2.0 s"),
          store.state().problem());
      // As many as would take minutes if each of them waited.
      for (int i = 0; i < 100; i++) {
        assertEquals(1, await(store.devices("frozen@example.com")).size());
        assertFalse(failure(store.devices("stranger@example.com")).getMessage().isEmpty());
      }
    } finally {
      cassandra.signal("CONT");
    }
    untilUsable(store);
    assertEquals(List.of(), await(store.devices("stranger@example.com")));
  }
}
