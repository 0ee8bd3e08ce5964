// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.ConnectProxy;
import org.pushserver.fake.TestKeys;
import org.pushserver.fake.TestSandbox;
import org.pushserver.sandbox.Notification;
import org.pushserver.sandbox.Sandbox;
import org.pushserver.sandbox.SandboxApp;
import org.pushserver.sandbox.SandboxApp.Credentials;
import org.pushserver.sandbox.SandboxOptions;
import org.pushserver.tokens.SqliteTokenStore;
import picocli.CommandLine;

/** {@code check-config --connect} against the sandbox: who takes the credentials, and who not. */
@Timeout(120)
class ConnectIT {
  private static final int NOBODY_LISTENS = 1;

  /** Longer than any test may take: nothing here is waited for in vain. */
  private static final Duration LIMIT = Duration.ofMinutes(10);

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final StringWriter out = new StringWriter();
  private Sandbox sandbox;
  private Path config;

  @BeforeEach
  void start() throws Exception {
    List<SandboxApp> apps =
        List.of(
            app("key", "apple", Credentials.TOKEN),
            app("certificate", "apple", Credentials.CERTIFICATE),
            app("account", "firebase", Credentials.TOKEN),
            app("gateway", "firebase", Credentials.LEGACY_KEY));
    sandbox = await(TestSandbox.start(vertx, SandboxOptions.in(directory).withApps(apps)));
    config = sandbox.configDirectory();
  }

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
  }

  private static SandboxApp app(String section, String platform, Credentials credentials) {
    return new SandboxApp(section, "com.example." + section, "sylk", platform, credentials);
  }

  private int check(String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("check-config", "--config-dir", config.toString(), "--port", "0"));
    arguments.addAll(List.of(more));
    CommandLine program = new CommandLine(new Main()).setOut(new PrintWriter(out));
    ((ConnectCheck) program.getSubcommands().get("check-config").getMixins().get("connect"))
        .limit(LIMIT);
    return program.execute(arguments.toArray(String[]::new));
  }

  private void assertSaid(String section, String words) {
    String line =
        out.toString()
            .lines()
            .dropWhile(one -> !one.startsWith("Tried with"))
            .filter(one -> one.startsWith("  [" + section + "] "))
            .findFirst()
            .orElseThrow(() -> new AssertionError(section + " is not in:\n" + out));
    assertTrue(line.contains(words), () -> words + " is not in:\n" + out);
  }

  private void assertPrinted(String text) {
    assertTrue(out.toString().contains(text), () -> text + " is not in:\n" + out);
  }

  /** A section like another, with another app_id, and one thing different. */
  private String like(String section, String name, String good, String bad) throws Exception {
    String all = Files.readString(config.resolve("applications.ini"));
    int start = all.indexOf("[" + section + "]");
    int end = all.indexOf("\n[", start);
    String copy =
        all.substring(start, end < 0 ? all.length() : end)
            .replace("[" + section + "]", "[" + name + "]");
    String changed = copy.replaceFirst(good, bad);
    assertFalse(changed.equals(copy), () -> good + " is not in:\n" + copy);
    return changed.replace("app_id = ", "app_id = " + name + ".") + "\n";
  }

  @Test
  void allThatIsAcceptedIsSaidAndNoPhoneRings() {
    assertEquals(0, check("--connect"), out::toString);
    assertSaid("key", "accepted: Apple takes the credentials for the topic com.example.key");
    assertSaid("certificate", "accepted: Apple takes the credentials for the topic");
    assertSaid("account", "accepted: Google takes the credentials");
    assertSaid("gateway", "accepted: the gateway takes the credentials");
    assertPrinted("All of them can be used from this machine.");
    for (Notification one : sandbox.journal().list()) {
      boolean rings = "voip".equals(one.headers().get("apns-push-type"));
      assertFalse(rings || one.body().contains("incoming_session"), one::toString);
    }
  }

  @Test
  void withoutTheOptionNobodyIsAsked() {
    assertEquals(0, check(), out::toString);
    assertEquals(List.of(), sandbox.journal().list());
    assertFalse(out.toString().contains("Tried with"));
  }

  private void general(String lines) throws Exception {
    Path general = config.resolve("general.ini");
    Files.writeString(general, Files.readString(general) + "\n" + lines);
  }

  @Test
  void theFileOfTokensIsTriedAndNotMade() throws Exception {
    Path file = directory.resolve("phones.db");
    general("[tokens]\nfile = " + file + "\n");
    assertEquals(0, check("--connect"), out::toString);
    assertPrinted("SQLite " + file + "  can be used: the file can be made");
    assertFalse(Files.exists(file));
    SqliteTokenStore server = SqliteTokenStore.open(file, 10);
    try {
      assertEquals(0, check("--connect"), out::toString);
      assertPrinted("SQLite " + file + "  can be used: the file can be opened");
    } finally {
      await(server.close());
    }
    Files.writeString(file, "something else altogether, and long enough to be no header of a file");
    assertEquals(1, check("--connect"), out::toString);
    assertPrinted("SQLite " + file + "  CANNOT BE USED: ");
  }

  @Test
  void aClusterThatIsNotThereIsSaid() throws Exception {
    general(
        "[Cassandra]\ncluster_contact_points = 127.0.0.1:"
            + NOBODY_LISTENS
            + "\nkeyspace = push\n");
    assertEquals(1, check("--connect"), out::toString);
    assertPrinted(
        "Cassandra 127.0.0.1:1, table push.push_tokens  CANNOT BE USED: Cassandra at 127.0.0.1:1"
            + " cannot be reached: ");
    assertPrinted("All of them can be used from this machine.");
  }

  @Test
  void aClusterOfWhichTooLittleIsSaidIsAnError() throws Exception {
    general("[Cassandra]\ncluster_contact_points = 127.0.0.1\n");
    assertEquals(1, check(), out::toString);
    assertPrinted("[Cassandra] keyspace: it is needed with cluster_contact_points");
    assertEquals(1, check("--connect"), out::toString);
    assertPrinted(
        "CANNOT BE USED: [Cassandra] in general.ini does not say where tokens are stored");
  }

  @Test
  void whatIsInTheWayIsSaidInWordsForEachApplication() throws Exception {
    Files.writeString(config.resolve("credentials/stranger.p8"), TestKeys.pem("EC", 256));
    Path account = config.resolve("credentials/firebase.json");
    JsonObject json = new JsonObject(Files.readString(account));
    Files.writeString(
        config.resolve("credentials/stranger.json"),
        json.copy().put("private_key", TestKeys.pem("RSA", 2048)).encode());
    Files.writeString(
        config.resolve("credentials/lost.json"),
        json.copy().put("token_uri", "https://127.0.0.1:" + NOBODY_LISTENS + "/token").encode());
    ConnectProxy open = await(new ConnectProxy(vertx).start());
    ConnectProxy shut = await(new ConnectProxy(vertx).start());
    shut.refuse(403);
    String applications =
        Files.readString(config.resolve("applications.ini"))
            + "\n"
            + like("key", "topic", "= sylk", "= linphone")
            + like("key", "stranger", "apns.p8", "stranger.p8")
            + like("key", "closed", "127.0.0.1:\\d+", "127.0.0.1:" + NOBODY_LISTENS)
            + like("key", "untrusted", "apple_ca_file = .*", "")
            + like("key", "shut", "app_type", "proxy_url = http://" + shut.address() + "\napp_type")
            + like("key", "gone", "app_type", "proxy_url = http://127.0.0.1:1\napp_type")
            + like(
                "account",
                "proxied",
                "app_type",
                "proxy_url = http://" + open.address() + "\napp_type")
            + like("account", "revoked", "firebase.json", "stranger.json")
            + like("account", "lost", "firebase.json", "lost.json");
    Files.writeString(config.resolve("applications.ini"), applications);
    assertEquals(1, check("--connect"), out::toString);
    assertSaid("key", "accepted");
    assertSaid("proxied", "accepted: Google takes");
    assertFalse(open.asked().isEmpty());
    assertSaid("topic", "REFUSED: Apple answered 400 ");
    assertSaid("stranger", "REFUSED: Apple answered 403 InvalidProviderToken");
    assertSaid("closed", "NOT REACHED: Connection refused");
    assertSaid("untrusted", "NOT REACHED: ");
    assertSaid("shut", "NOT REACHED: the proxy " + shut.address() + " made no tunnel");
    assertSaid("gone", "NOT REACHED: cannot reach the proxy 127.0.0.1:1");
    assertSaid("revoked", "REFUSED: token server");
    assertSaid(
        "lost", "NOT REACHED: no OAuth token: token server https://127.0.0.1:1/token cannot");
    assertPrinted("this is about the proxy, not the push service");
    assertPrinted("no encrypted connection (TLS)");
    assertPrinted("a firewall may be in between");
    assertPrinted("8 of 13 cannot be used from this machine.");
    assertFalse(out.toString().contains("Exception"), out::toString);
  }
}
