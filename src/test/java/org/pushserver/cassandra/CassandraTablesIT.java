// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cassandra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.awaitAll;
import static org.pushserver.fake.Await.failure;
import static org.pushserver.fake.Await.until;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pushserver.cassandra.CassandraSetup.Found;
import org.pushserver.config.CassandraSettings;
import org.pushserver.fake.TestCassandra;
import org.pushserver.fake.TestTls;
import org.pushserver.pem.Pem;
import org.pushserver.push.AppKey;
import org.pushserver.tokens.Addition.What;
import org.pushserver.tokens.DeadDevice;
import org.pushserver.tokens.StoredToken;
import org.pushserver.tokens.TokenStore.Removal;
import org.pushserver.tokens.TokenStoreException;

/** The two tables, which the old server and OpenSIPS read and write, too. */
@Timeout(180)
class CassandraTablesIT {
  private static final AppKey APPLE = new AppKey("com.example.phone", AppKey.APPLE);
  private static final Vertx VERTX = Vertx.vertx();

  private static TestCassandra cassandra;
  private static CassandraTokenStore store;

  @BeforeAll
  static void open() throws Exception {
    cassandra = TestCassandra.shared();
    store =
        new CassandraTokenStore(
            VERTX, cassandra.keyspace("tables"), 1000, System::currentTimeMillis);
  }

  @AfterAll
  static void close() {
    if (store != null) {
      await(store.close());
    }
    await(VERTX.close());
  }

  private static StoredToken device(String account, String deviceId, String token) {
    return new StoredToken(account, APPLE, deviceId, token, "bb22", false, "Phone/1.0", 0, 0);
  }

  private static String rows(String account) {
    int at = account.lastIndexOf('@');
    return cassandra
        .cql(
            "SELECT JSON device_id, app_id, background_token, device_token, platform, silent,"
                + " user_agent FROM tables.push_tokens WHERE username = '"
                + account.substring(0, at)
                + "' AND domain = '"
                + account.substring(at + 1)
                + "'")
        .stream()
        .map(row -> row.getString(0))
        .toList()
        .toString();
  }

  private static String mobile(String account) {
    return cassandra
        .cql("SELECT opensipsval FROM tables.mobile_devices WHERE opensipskey = '" + account + "'")
        .stream()
        .map(row -> row.getString(0))
        .toList()
        .toString();
  }

  @Test
  void whatIsStoredTheOldServerPushes() {
    await(store.add(device("new@Example.com", "phone-1", "aa11")));
    assertEquals(
        "[{\"device_id\": \"phone-1\", \"app_id\": \"com.example.phone\", \"background_token\":"
            + " \"bb22\", \"device_token\": \"aa11\", \"platform\": \"apple\", \"silent\": \"0\","
            + " \"user_agent\": \"Phone/1.0\"}]",
        rows("new@Example.com"));
    assertEquals("[1]", mobile("new@Example.com"));
  }

  @Test
  void whatTheOldServerStoresIsPushed() {
    String insert =
        "INSERT INTO tables.push_tokens (username, domain, device_id, app_id, background_token,"
            + " device_token, platform, silent, user_agent) VALUES ('old', 'example.com', ";
    var unused =
        cassandra.cql(
            insert + "'evA', 'com.example.phone', 'bb', 'aa', 'apple', '1', 'Phone/1')",
            insert + "'b', 'com.example.phone', null, 'cc', 'firebase', '0', null)",
            "INSERT INTO tables.mobile_devices (opensipskey, opensipsval)"
                + " VALUES ('old@example.com', '1')",
            // Of no use to anybody.
            insert + "'x', 'com.example.phone', null, null, 'firebase', '0', null)");
    List<StoredToken> found = await(store.devices("old@example.com"));
    assertEquals(2, found.size());
    StoredToken firebase = found.get(0);
    StoredToken apple = found.get(1);
    assertEquals(new AppKey("com.example.phone", AppKey.FIREBASE), firebase.app());
    assertNull(firebase.background());
    assertNull(firebase.userAgent());
    assertTrue(!firebase.silent() && apple.silent());
    assertEquals("aa bb", apple.token() + " " + apple.background());
    assertTrue(apple.storedAt() > System.currentTimeMillis() - 600_000, apple::toString);

    assertEquals(Removal.REMOVED, await(store.remove("old@example.com", APPLE.appId(), "devA")));
    assertEquals("[1]", mobile("old@example.com"));
    assertEquals(Removal.REMOVED, await(store.remove("old@example.com", APPLE.appId(), "b")));
    assertEquals("[]", mobile("old@example.com"));
  }

  private void insert(String user, String background, String token) {
    var unused =
        cassandra.cql(
            "INSERT INTO tables.push_tokens (username, domain, device_id, app_id,"
                + " background_token, device_token, platform, silent) VALUES ('%s', 'example.com',"
                    .formatted(user)
                + " 'a', 'com.example.phone', %s, %s, 'apple', '1')".formatted(background, token));
  }

  private StoredToken found(String user) {
    return await(store.devices(user + "@example.com")).get(0);
  }

  @Test
  void whatTheOldServerSplitsIsReadAsItIsMeant() {
    insert("equal", "'aa'", "'aa'");
    StoredToken equal = found("equal");
    assertEquals("aa", equal.token());
    assertNull(equal.background(), "the first is for calls");
    insert("nocalls", "'bb'", "''");
    assertTrue(found("nocalls").isWithoutVoip(), "it had -bb");
    assertEquals("bb", found("nocalls").token());
    insert("nobackground", "''", "'cc'");
    assertNull(found("nobackground").background(), "it had cc-");
    insert("nothing", "null", "''");
    assertEquals(List.of(), await(store.devices("nothing@example.com")));
  }

  @Test
  void theRowOfAPhoneWithADeadTokenStaysReadableForTheOldServer() {
    String account = "half@example.com";
    await(store.add(device(account, "phone-1", "aa11")));
    long later = System.currentTimeMillis() + 60_000;
    assertEquals(1, await(store.dead(new DeadDevice(APPLE, "bb22", account, null, later))));
    assertTrue(found("half").isForCallsAlone());
    assertEquals(
        "[{\"device_id\": \"phone-1\", \"app_id\": \"com.example.phone\", \"background_token\":"
            + " \"\", \"device_token\": \"aa11\", \"platform\": \"apple\", \"silent\": \"0\","
            + " \"user_agent\": \"Phone/1.0\"}]",
        rows(account));
    assertEquals("[1]", mobile(account));
    insert("half", "'dd44'", "'cc33'");
    await(store.add(device(account, "phone-1", "aa11")));
    assertEquals("bb22", await(store.devices(account)).get(1).background());
  }

  /** Two servers, or two pushes, of which one read what the other one changed before that. */
  @Test
  void ofADeviceThatIsRemovedNothingStaysWhenItsSecondTokenIsFoundDeadAtTheSameTime() {
    String account = "both@example.com";
    String row =
        " WHERE username = 'both' AND domain = 'example.com' AND device_id = 'phone-1' AND app_id ="
            + " 'com.example.phone'";
    await(store.add(device(account, "phone-1", "aa11")));
    long written = written("device_token", row);
    assertEquals(Removal.REMOVED, await(store.remove(account, APPLE.appId(), "phone-1")));
    String mark = "UPDATE tables.push_tokens USING TIMESTAMP %s SET background_token = ''" + row;
    var unused = cassandra.cql(mark.formatted(written + 1));
    assertEquals("[]", rows(account));

    await(store.add(device(account, "phone-1", "aa11")));
    written = written("device_token", row);
    unused = cassandra.cql(mark.formatted(written + 1));
    assertEquals(written + 1, written("background_token", row), "it came before the removal");
    assertEquals(
        1, await(store.dead(new DeadDevice(APPLE, "aa11", account, null, Long.MAX_VALUE))));
    assertEquals("[]", rows(account));
  }

  @Test
  void whoRegistersIsNotRemovedByWhoReadWhatWasThereBeforeWhosesoeverClockIsAhead() {
    String account = "clock@example.com";
    String row =
        " WHERE username = 'clock' AND domain = 'example.com' AND device_id = 'phone-1' AND app_id"
            + " = 'com.example.phone'";
    long clock = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()) + 3_600_000_000L;
    CassandraTokenStore other =
        new CassandraTokenStore(VERTX, cassandra.settings("tables"), 10, System::currentTimeMillis);
    try {
      for (String undo :
          List.of(
              "DELETE FROM tables.push_tokens USING TIMESTAMP %s",
              "UPDATE tables.push_tokens USING TIMESTAMP %s SET background_token = ''")) {
        clock += 3_600_000_000L;
        var unused =
            cassandra.cql(
                "INSERT INTO tables.push_tokens (username, domain, device_id, app_id,"
                    + " background_token, device_token, platform, silent) VALUES ('clock',"
                    + " 'example.com', 'phone-1', 'com.example.phone', 'bb', 'aa', 'apple', '1')"
                    + " USING TIMESTAMP "
                    + clock);
        await(other.add(device(account, "phone-1", "aa11")));
        unused = cassandra.cql((undo + row).formatted(clock + 1));
        StoredToken found = found("clock");
        assertEquals("aa11 bb22", found.token() + " " + found.background());
      }
    } finally {
      await(other.close());
    }
  }

  private static long written(String column, String row) {
    return cassandra
        .cql("SELECT WRITETIME(" + column + ") FROM tables.push_tokens" + row)
        .get(0)
        .getLong(0);
  }

  /** As recorded: the old server cut the id of a phone that had registered here with it whole. */
  @Test
  void aPhoneThatTheOldServerStoresOnceMoreRingsOnce() {
    String account = "twice@example.com";
    String whole = "7f3c0b52-9a41-4c1e-8f10-2b6a90c4e75d";
    for (String token : List.of("t", "another")) {
      await(store.add(device(account, whole, "t")));
      var unused =
          cassandra.cql(
              "INSERT INTO tables.push_tokens (username, domain, device_id, app_id,"
                  + " background_token, device_token, platform, silent, user_agent) VALUES"
                  + " ('twice', 'example.com', '7f3c0b52-9a41-4c1e-8f10-2b6a90c4e75',"
                  + " 'com.example.phone', null, '"
                  + token
                  + "', 'apple', '0', 'Phone/1')");
      List<StoredToken> found = await(store.devices(account));
      assertEquals(List.of(token), found.stream().map(StoredToken::token).toList());
      assertEquals(Removal.REMOVED, await(store.remove(account, APPLE.appId(), whole)));
      assertEquals(List.of(), await(store.devices(account)));
    }
  }

  @Test
  void ofNoDeviceIsItKnownWhenItWasSeenSoNoneIsTooOld() {
    await(store.add(device("unseen@example.com", "phone-1", "aa11")));
    StoredToken found = await(store.devices("unseen@example.com")).get(0);
    assertEquals(0, found.lastSeen());
    assertFalse(found.isUnseenSince(Long.MAX_VALUE), "token_max_age would remove it");
  }

  @Test
  void anAccountCanBeWokenAsLongAsItHasADevice() {
    String account = "woken@example.com";
    await(store.add(device(account, "phone-1", "t1")));
    await(store.add(device(account, "phone-2", "t2")));
    assertEquals(1, await(store.dead(new DeadDevice(APPLE, "t1", account, null, Long.MAX_VALUE))));
    assertEquals("[1]", mobile(account));
    assertEquals(1, await(store.dead(new DeadDevice(APPLE, "t2", account, null, Long.MAX_VALUE))));
    assertEquals("[]", mobile(account));
  }

  @Test
  void whatWasRemovedIsStoredAgainAlsoByAClockThatIsBehind() {
    String account = "again@example.com";
    CassandraTokenStore behind =
        new CassandraTokenStore(
            VERTX, cassandra.settings("tables"), 10, () -> System.currentTimeMillis() - 60_000);
    try {
      await(store.add(device(account, "phone-1", "t1")));
      assertEquals(Removal.REMOVED, await(behind.remove(account, APPLE.appId(), "phone-1")));
      assertEquals("[]", mobile(account));
      await(behind.add(device(account, "phone-1", "t1")));
      assertEquals(1, await(store.devices(account)).size());
      assertEquals("[1]", mobile(account));
    } finally {
      await(behind.close());
    }
  }

  @Test
  void whatIsImportedAgainChangesNothingAndNothingNewerIsTouched() {
    StoredToken old = device("import@example.com", "phone-1", "old");
    assertEquals(What.ADDED, await(store.addUnlessNewer(old)).what());
    assertEquals("[1]", mobile("import@example.com"));
    assertEquals(What.SAME, await(store.addUnlessNewer(old)).what());
    await(store.add(device("import@example.com", "phone-1", "new")));
    assertEquals(What.KEPT, await(store.addUnlessNewer(old)).what());
    assertEquals("new", await(store.devices("import@example.com")).get(0).token());
  }

  private static StoredToken imported(String account, String token, long storedAt) {
    return new StoredToken(account, APPLE, "phone-1", token, null, true, null, storedAt, 0);
  }

  @Test
  void whatIsImportedIsAsOldAsItSays() {
    String account = "dated@example.com";
    long day = System.currentTimeMillis() - TimeUnit.DAYS.toMillis(1);
    assertEquals(What.ADDED, await(store.addUnlessNewer(imported(account, "t2", day))).what());
    assertEquals(day, await(store.devices(account)).get(0).storedAt());
    assertEquals(What.SAME, await(store.addUnlessNewer(imported(account, "t2", day))).what());
    assertEquals(What.KEPT, await(store.addUnlessNewer(imported(account, "t1", day - 1))).what());
    assertEquals(What.RENEWED, await(store.addUnlessNewer(imported(account, "t3", day))).what());
    assertEquals("t3", await(store.devices(account)).get(0).token());
    assertEquals(
        What.RENEWED, await(store.addUnlessNewer(imported(account, "t4", day + 1))).what());
    assertEquals("t4", await(store.devices(account)).get(0).token());
  }

  @Test
  void whatWasMadeByAClockThatIsAheadDoesNotOutliveWhatRegisters() {
    String account = "ahead@example.com";
    long tomorrow = System.currentTimeMillis() + TimeUnit.DAYS.toMillis(1);
    assertEquals(What.ADDED, await(store.addUnlessNewer(imported(account, "t", tomorrow))).what());
    assertTrue(await(store.devices(account)).get(0).storedAt() <= System.currentTimeMillis());
  }

  @Test
  void whatWasRemovedComesBackOutOfABackup() {
    for (long told : List.of(System.currentTimeMillis() - TimeUnit.DAYS.toMillis(1), 0L)) {
      String account = "backup" + told + "@example.com";
      StoredToken saved = imported(account, "t", told);
      assertEquals(What.ADDED, await(store.addUnlessNewer(saved)).what());
      assertEquals(told, await(store.devices(account)).get(0).storedAt());
      assertEquals(Removal.REMOVED, await(store.remove(account, APPLE.appId(), "phone-1")));
      assertEquals(What.ADDED, await(store.addUnlessNewer(saved)).what());
      assertEquals(1, await(store.devices(account)).size());
      assertEquals("[1]", mobile(account));
    }
  }

  @Test
  void whatRegistersDuringAnImportIsNewer() {
    for (int round = 0; round < 20; round++) {
      String account = "during" + round + "@example.com";
      long told = round % 2 == 0 ? System.currentTimeMillis() - 60_000 : 0;
      List<Future<Object>> both = new ArrayList<>();
      both.add(store.add(device(account, "phone-1", "new")).map(one -> account));
      both.add(store.addUnlessNewer(imported(account, "old", told)).map(one -> one));
      assertEquals(2, awaitAll(both).size());
      assertEquals("new", await(store.devices(account)).get(0).token(), account);
    }
  }

  @Test
  void anAccountThatALostServerLeftAwakeIsPutRight() {
    var unused =
        cassandra.cql(
            "INSERT INTO tables.mobile_devices (opensipskey, opensipsval)"
                + " VALUES ('left@example.com', '1')");
    assertEquals(
        Removal.NO_SUCH_ACCOUNT, await(store.remove("left@example.com", APPLE.appId(), "x")));
    assertEquals("[]", mobile("left@example.com"));
  }

  @Test
  void whoComesWhileTheLastOneGoesCanBeWoken() {
    for (int round = 0; round < 20; round++) {
      String account = "race" + round + "@example.com";
      await(store.add(device(account, "first", "t0")));
      List<Future<Object>> both = new ArrayList<>();
      both.add(store.remove(account, APPLE.appId(), "first").map(one -> one));
      both.add(store.add(device(account, "second", "t1")).map(one -> account));
      both.add(
          store.dead(new DeadDevice(APPLE, "t0", account, null, Long.MAX_VALUE)).map(one -> one));
      assertEquals(3, awaitAll(both).size());
      assertEquals(1, await(store.devices(account)).size());
      assertEquals("[1]", mobile(account), account);
    }
  }

  @Test
  void anAccountWithoutADomainIsRefused() {
    assertNotNull(store.refusal("alice"));
    assertNotNull(store.refusal("alice@"));
    assertNotNull(store.refusal("@example.com"));
    assertNull(store.refusal("alice@example.com"));
    assertInstanceOf(
        IllegalArgumentException.class, failure(store.add(device("alice", "phone-1", "t"))));
    assertEquals(List.of(), await(store.devices("alice")));
  }

  @Test
  void tablesThatAreMissingAreNamedAndFoundWhenTheyAreMade() throws Exception {
    CassandraSettings settings = cassandra.settings("later");
    CassandraTokenStore early =
        new CassandraTokenStore(VERTX, settings, 10, System::currentTimeMillis);
    try {
      String said = failure(early.devices("a@example.com")).getMessage();
      assertTrue(said.contains("run pushserver tokens init-cassandra"), said);
      assertEquals(said, early.state().problem());

      CassandraSetup setup = await(CassandraSetup.connect(VERTX, settings));
      Found found = await(setup.look());
      assertEquals(
          new Found("datacenter1", 1, false, List.of("push_tokens", "mobile_devices")), found);
      await(setup.create(found, Map.of("datacenter1", 1)));
      assertEquals(List.of(), await(setup.look()).missing());
      await(setup.close());

      until(() -> early.state().isUsable(), () -> early.state().problem());
      await(early.add(device("a@example.com", "phone-1", "t")));
      assertEquals(1, await(early.devices("a@example.com")).size());
    } finally {
      await(early.close());
    }
  }

  @Test
  void aPageThatBeginsNowhereIsRefused() {
    assertInstanceOf(IllegalArgumentException.class, failure(store.list("nowhere", 10)));
  }

  @Test
  void thatNobodyIsThereIsSaid() {
    CassandraSettings nobody =
        new CassandraSettings(InetSocketAddress.createUnresolved("127.0.0.1", 1), "tables");
    CassandraTokenStore alone =
        new CassandraTokenStore(VERTX, nobody, 10, System::currentTimeMillis);
    try {
      Throwable failure = failure(alone.devices("a@example.com"));
      assertInstanceOf(TokenStoreException.class, failure);
      assertTrue(
          failure.getMessage().startsWith("Cassandra at 127.0.0.1:1 cannot be reached: "),
          failure.getMessage());
      assertEquals(failure.getMessage(), alone.state().problem());
    } finally {
      await(alone.close());
    }
  }

  /** A cluster behind a door that speaks TLS. */
  private static CassandraSettings encrypted(List<X509Certificate> authorities) {
    NetServerOptions options =
        new NetServerOptions()
            .setHost("127.0.0.1")
            .setPort(0)
            .setSsl(true)
            .setKeyCertOptions(TestTls.shared().server());
    NetServer door =
        await(VERTX.createNetServer(options).connectHandler(CassandraTablesIT::passOn).listen());
    CassandraSettings plain = cassandra.settings("tables");
    return new CassandraSettings(
        List.of(InetSocketAddress.createUnresolved("127.0.0.1", door.actualPort())),
        plain.keyspace(),
        plain.table(),
        false,
        "datacenter1",
        "",
        "",
        true,
        authorities,
        "one",
        plain.timeout());
  }

  private static void passOn(NetSocket socket) {
    NetSocket unused = socket.pause();
    VERTX
        .createNetClient()
        .connect(cassandra.address().getPort(), "127.0.0.1")
        .onSuccess(
            back -> {
              Future<Void> unusedIn = socket.pipeTo(back);
              Future<Void> unusedOut = back.pipeTo(socket);
            });
  }

  @Test
  void aClusterIsSpokenToInTlsAndBelievedByItsAuthority() throws Exception {
    CassandraSettings believed = encrypted(Pem.readCertificates(TestTls.shared().ca()));
    CassandraTokenStore safe =
        new CassandraTokenStore(VERTX, believed, 10, System::currentTimeMillis);
    CassandraTokenStore unsafe =
        new CassandraTokenStore(VERTX, encrypted(List.of()), 10, System::currentTimeMillis);
    try {
      await(safe.add(device("tls@example.com", "phone-1", "t")));
      assertEquals(1, await(store.devices("tls@example.com")).size());
      String said = failure(unsafe.devices("tls@example.com")).getMessage();
      assertTrue(said.contains("cannot be reached: ") && said.contains("certif"), said);
    } finally {
      await(safe.close());
      await(unsafe.close());
    }
  }
}
