// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cassandra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.failure;
import static org.pushserver.fake.Await.until;

import ch.qos.logback.classic.Level;
import com.datastax.oss.driver.api.core.cql.Row;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pushserver.config.CassandraSettings;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.TestCassandra;
import org.pushserver.push.AppKey;
import org.pushserver.tokens.StoredToken;
import org.pushserver.tokens.TokenStore.Removal;
import org.pushserver.tokens.TokenStoreException;

/** A cluster that asks who is there, and what he may do. */
@Timeout(180)
class CassandraLoginIT {
  private static final AppKey APPLE = new AppKey("com.example.phone", AppKey.APPLE);
  private static final Vertx VERTX = Vertx.vertx();
  private static final String KEYSPACE = "guarded";

  private static TestCassandra cassandra;

  private final List<CassandraTokenStore> stores = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    cassandra = TestCassandra.withLogins();
    cassandra.start();
    CassandraSettings unused = cassandra.keyspace(KEYSPACE);
  }

  @AfterAll
  static void end() {
    await(VERTX.close());
    if (cassandra != null) {
      cassandra.end();
    }
  }

  @AfterEach
  void close() {
    stores.forEach(store -> await(store.close()));
  }

  private static void say(String... statements) {
    List<Row> unused = cassandra.cql(statements);
  }

  /** A user that may log in, and has these rights on both tables. */
  private static void user(String name, String... rights) {
    say("CREATE ROLE " + name + " WITH LOGIN = true AND PASSWORD = 'right'");
    for (String right : rights) {
      say("GRANT " + right + " ON KEYSPACE " + KEYSPACE + " TO " + name);
    }
  }

  private static CassandraSettings settings(String keyspace, String user, String password) {
    CassandraSettings plain = cassandra.settings(keyspace);
    return new CassandraSettings(
        plain.contactPoints(),
        keyspace,
        plain.table(),
        false,
        "",
        user,
        password,
        false,
        List.of(),
        plain.consistency(),
        plain.timeout());
  }

  private CassandraTokenStore open(String user, String password) {
    CassandraTokenStore store =
        new CassandraTokenStore(
            VERTX, settings(KEYSPACE, user, password), 10, System::currentTimeMillis);
    stores.add(store);
    return store;
  }

  private static StoredToken device(String account) {
    return new StoredToken(account, APPLE, "phone-1", "token-1", null, true, null, 0, 0);
  }

  private static void untilWell(CassandraTokenStore store) throws Exception {
    until(() -> store.state().isUsable(), () -> store.state().problem());
  }

  private static String nodes() {
    return "Cassandra at " + cassandra.settings(KEYSPACE).nodes();
  }

  @Test
  void whoLogsInStoresAndFinds() {
    user("good", "SELECT", "MODIFY");
    CassandraTokenStore store = open("good", "right");
    await(store.add(device("good@example.com")));
    assertEquals(1, await(store.devices("good@example.com")).size());
    assertEquals(
        Removal.REMOVED, await(store.remove("good@example.com", APPLE.appId(), "phone-1")));
    assertTrue(store.state().isUsable(), store.state()::problem);
  }

  @Test
  void aWrongPasswordIsNamedAndTriedAgainWithPausesUntilItIsRight() throws Exception {
    user("mistaken", "SELECT", "MODIFY");
    try (LogTrail log = new LogTrail("org.pushserver.cassandra")) {
      CassandraTokenStore store = open("mistaken", "wrong");
      String said = failure(store.devices("a@example.com")).getMessage();
      assertEquals(
          nodes()
              + " refuses the user mistaken or its password; correct user and password in"
              + " [Cassandra]",
          said);
      assertEquals(said, store.state().problem());
      assertFalse(store.state().isUsable());
      say("ALTER ROLE mistaken WITH PASSWORD = 'wrong'");
      untilWell(store);
      await(store.add(device("mistaken@example.com")));
      assertEquals(1, log.lines(Level.WARN).size(), log.lines()::toString);
      assertFalse(log.lines().toString().contains("wrong"), log.lines()::toString);
    }
  }

  @Test
  void whoDoesNotLogInIsToldThatHeHasTo() {
    String said = failure(open("", "").devices("a@example.com")).getMessage();
    assertEquals(nodes() + " wants a login; set user and password in [Cassandra]", said);
  }

  @Test
  void withoutTheRightToChangeAccountsAreFoundAndNothingIsStored() throws Exception {
    user("reader", "SELECT");
    CassandraTokenStore administrator = open(TestCassandra.ADMINISTRATOR, "cassandra");
    await(administrator.add(device("read@example.com")));
    try (LogTrail log = new LogTrail("org.pushserver.cassandra")) {
      CassandraTokenStore store = open("reader", "right");
      assertEquals(1, await(store.devices("read@example.com")).size());
      String missing =
          nodes()
              + " does not give the user reader the rights MODIFY on TABLE guarded.push_tokens,"
              + " MODIFY on TABLE guarded.mobile_devices; an administrator says in cqlsh: GRANT"
              + " MODIFY ON TABLE guarded.push_tokens TO reader; GRANT MODIFY ON TABLE"
              + " guarded.mobile_devices TO reader";
      log.untilLogged(missing);
      assertEquals(missing, store.state().problem());
      for (int i = 0; i < 10; i++) {
        Throwable refused = failure(store.add(device("new@example.com")));
        assertInstanceOf(TokenStoreException.class, refused);
        assertEquals(
            nodes()
                + " does not give the user reader the right MODIFY on TABLE guarded.push_tokens;"
                + " an administrator says in cqlsh: GRANT MODIFY ON TABLE guarded.push_tokens TO"
                + " reader",
            refused.getMessage());
        assertEquals(1, await(store.devices("read@example.com")).size());
      }
      assertEquals(missing, store.state().problem());
      assertEquals(1, log.lines().size(), log.lines()::toString);
      say(
          "GRANT MODIFY ON TABLE guarded.push_tokens TO reader",
          "GRANT MODIFY ON TABLE guarded.mobile_devices TO reader");
      await(store.add(device("new@example.com")));
      untilWell(store);
      assertEquals(1, log.count("gives all rights"), log.lines()::toString);
    }
  }

  @Test
  void withoutTheRightToReadKnownAccountsRing() throws Exception {
    user("blinded", "SELECT", "MODIFY");
    CassandraTokenStore store = open("blinded", "right");
    await(store.add(device("blinded@example.com")));
    say("REVOKE SELECT ON KEYSPACE guarded FROM blinded");
    assertEquals(1, await(store.devices("blinded@example.com")).size());
    String said = failure(store.devices("stranger@example.com")).getMessage();
    assertTrue(said.contains("the right SELECT on TABLE guarded.push_tokens"), said);
    until(() -> !store.state().isUsable(), () -> "nothing is said of it");
  }

  @Test
  void whatTheDriverLogsHasNeitherPasswordsNorTokens() throws Exception {
    user("logged", "SELECT", "MODIFY");
    try (LogTrail driver = new LogTrail("com.datastax.oss.driver", Level.DEBUG)) {
      say("ALTER ROLE logged WITH PASSWORD = 'pa55word'");
      CassandraTokenStore store = open("logged", "pa55word");
      StoredToken secret =
          new StoredToken("logged@example.com", APPLE, "phone-1", "s3cr3t", null, true, null, 0, 0);
      await(store.add(secret));
      assertFalse(driver.lines().isEmpty());
      for (String line : driver.lines()) {
        assertFalse(line.contains("s3cr3t") || line.contains("pa55word"), line);
      }
    }
  }

  private static String tried(CassandraSettings settings) {
    return await(CassandraTrial.run(VERTX, settings));
  }

  @Test
  void aTrialSaysWhatAServerWouldLack() {
    user("tried", "SELECT");
    assertTrue(tried(settings(KEYSPACE, "tried", "wrong")).contains("refuses the user tried"));
    assertTrue(tried(settings("nowhere", "tried", "right")).contains("has no tables for tokens"));
    String rights = tried(settings(KEYSPACE, "tried", "right"));
    assertTrue(rights.contains("the rights MODIFY on TABLE guarded.push_tokens, MODIFY"), rights);
    say("GRANT MODIFY ON KEYSPACE guarded TO tried");
    assertEquals("", tried(settings(KEYSPACE, "tried", "right")));
    CassandraSettings other = cassandra.keyspace("other");
    say("ALTER TABLE other.push_tokens DROP silent", "GRANT SELECT ON KEYSPACE other TO tried");
    String columns = tried(settings(other.keyspace(), "tried", "right"));
    assertTrue(columns.contains("has a table that is not as it has to be"), columns);
    say(
        "DROP TABLE other.push_tokens",
        "CREATE TABLE other.push_tokens (username text, domain text, device_id text, app_id text,"
            + " background_token text, device_token text, platform text, silent int, user_agent"
            + " text, PRIMARY KEY ((username, domain), device_id, app_id))");
    String type = tried(settings(other.keyspace(), "tried", "right"));
    assertTrue(type.contains("the column silent of push_tokens is int and has to be text"), type);
  }

  @Test
  void tablesAreMadeByWhoMayMakeThem() {
    user("builder");
    CassandraSettings settings = settings("built", "builder", "right");
    CassandraSetup setup = await(CassandraSetup.connect(VERTX, settings));
    try {
      CassandraSetup.Found found = await(setup.look());
      Map<String, Integer> copies = Map.of("datacenter1", 1);
      String said = failure(setup.create(found, copies)).getMessage();
      assertTrue(
          said.endsWith("an administrator says in cqlsh: GRANT CREATE ON ALL KEYSPACES TO builder"),
          said);
      say("GRANT CREATE ON ALL KEYSPACES TO builder");
      await(setup.create(found, copies));
      assertEquals(List.of(), await(setup.look()).missing());
    } finally {
      await(setup.close());
    }
    Throwable stranger =
        failure(CassandraSetup.connect(VERTX, settings("built", "builder", "mistyped")));
    assertTrue(
        stranger.getMessage().contains("refuses the user builder or its password"),
        stranger.getMessage());
  }
}
