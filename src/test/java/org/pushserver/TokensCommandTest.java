// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.cli.Mistakes;
import org.pushserver.fake.Await;
import org.pushserver.fake.MemoryTokenStore;
import org.pushserver.push.AppKey;
import org.pushserver.tokens.SqliteTokenStore;
import org.pushserver.tokens.StoredToken;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** {@code pushserver tokens}, on a store in memory. */
class TokensCommandTest {
  private static final AppKey APPLE = new AppKey("com.example.phone", AppKey.APPLE);
  private static final AppKey OTHER = new AppKey("com.example.other", AppKey.FIREBASE);
  private static final String SECRET = "0123456789abcdef";

  private final MemoryTokenStore store = new MemoryTokenStore();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private PrintStream standard = System.out;

  @TempDir Path directory;

  @BeforeEach
  void configure() throws IOException {
    Files.writeString(directory.resolve("general.ini"), "[tokens]\nfile = tokens.db\n");
    Files.writeString(
        directory.resolve("applications.ini"),
        """
        [phone]
        app_id = com.example.phone
        app_type = sylk
        app_platform = firebase
        app_aliases = com.example.alias
        firebase_authorization_key = none
        """);
    Path unused = Files.createFile(directory.resolve("tokens.db"));
  }

  private int run(String... arguments) {
    CommandLine.IFactory usual = CommandLine.defaultFactory();
    return run(
        new CommandLine.IFactory() {
          @Override
          public <K> K create(Class<K> type) throws Exception {
            if (type == TokensExportCommand.class) {
              return type.cast(new TokensExportCommand(standard));
            }
            return type == TokensOptions.class
                ? type.cast(new TokensOptions((vertx, settings, time) -> store))
                : usual.create(type);
          }
        },
        arguments);
  }

  /** On the file. */
  private int runReal(String... arguments) {
    return run(CommandLine.defaultFactory(), arguments);
  }

  private int run(CommandLine.IFactory factory, String... arguments) {
    String[] words = new String[arguments.length + 3];
    words[0] = "tokens";
    words[1] = arguments[0];
    words[2] = "--config-dir";
    words[3] = directory.toString();
    System.arraycopy(arguments, 1, words, 4, arguments.length - 1);
    return new CommandLine(new Main(), factory)
        .setParameterExceptionHandler(new Mistakes())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
        .execute(words);
  }

  private void add(String account, AppKey app, String deviceId) {
    Void unused =
        await(
            store.add(
                new StoredToken(
                    account,
                    app,
                    deviceId,
                    SECRET + account + deviceId,
                    SECRET,
                    true,
                    "Phone/1",
                    0,
                    0)));
  }

  private void assertPrinted(String text) {
    assertTrue(out.toString().contains(text), () -> text + " is not in:\n" + out + err);
    assertFalse((out + "" + err).contains(SECRET), "a whole token is shown");
  }

  private void assertSaid(String text) {
    assertTrue(err.toString().contains(text), () -> text + " is not in:\n" + err);
  }

  @Test
  void listShowsEachDeviceOnALineAndNoWholeToken() {
    for (int i = 0; i < TokensListCommand.PAGE + 5; i++) {
      add("user" + i + "@example.com", APPLE, "phone");
    }
    assertEquals(0, run("list"));
    assertEquals(TokensListCommand.PAGE + 6, out.toString().lines().count());
    assertPrinted("user7@example.com");
    assertPrinted("com.example.phone/apple");
    assertPrinted("01234567...");
  }

  @Test
  void listShowsTheDevicesOfOneApplication() {
    add("bob@example.com", APPLE, "phone-1");
    add("bob@example.com", OTHER, "phone-2");
    assertEquals(0, run("list", "--app", "com.example.other"));
    assertPrinted("phone-2");
    assertFalse(out.toString().contains("phone-1"), out::toString);
    assertEquals(0, run("list", "--app", "com.example.none/apple"));
    assertSaid("No such device is stored in");
  }

  @Test
  void showTellsAllOfEachDevice() {
    add("bob@example.com", APPLE, "phone-1");
    add("bob@example.com", new AppKey("com.example.alias", AppKey.FIREBASE), "phone-2");
    assertEquals(0, run("show", "sip:bob@example.com"));
    assertPrinted("Account bob@example.com: 2 devices");
    assertPrinted("com.example.phone/apple (not configured: pushes to it are answered 404)\n");
    assertPrinted("com.example.alias/firebase\n");
    assertPrinted("Phone/1");
  }

  @Test
  void anAccountWithoutDevicesIsNotFound() {
    assertEquals(1, run("show", "eve@example.com"));
    assertEquals(1, run("remove", "eve@example.com"));
    assertSaid("Account eve@example.com has no device.");
  }

  @Test
  void countAddsUp() {
    add("bob@example.com", APPLE, "phone-1");
    add("bob@example.com", OTHER, "phone-2");
    add("eve@example.com", OTHER, "phone-3");
    assertEquals(0, run("count"));
    assertPrinted("         2  accounts\n         3  devices\n");
    assertPrinted("         2  com.example.other/firebase (not configured");
  }

  @Test
  void removeTakesTheDevicesThatAreNamed() {
    add("bob@example.com", APPLE, "d-1");
    add("bob@example.com", OTHER, "phone-2");
    add("bob@example.com", OTHER, "phone-3");
    assertEquals(1, run("remove", "bob@example.com", "--device", "phone-9"));
    assertSaid("Account bob@example.com has 3 devices, but no such one");
    assertEquals(0, run("remove", "bob@example.com", "--device", "-1"));
    assertPrinted("Removed d-1 of com.example.phone/apple, bob@example.com");
    assertEquals(0, run("remove", "bob@example.com", "--app", "com.example.other"));
    assertEquals(List.of(), store.stored());
  }

  @Test
  void whatIsExportedIsImportedAgain() throws IOException {
    add("bob@example.com", APPLE, "phone-1");
    add("eve@example.com", OTHER, "phone-2");
    List<StoredToken> before = store.stored();
    Path file = directory.resolve("all.jsonl");
    Files.writeString(file, "an older one, for everybody");
    assertEquals(0, run("export", "-o", file.toString()));
    assertSaid("2 devices, with whole tokens, are in ");
    assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file));
    assertTrue(Files.readString(file).contains(SECRET + "bob"), "whole tokens");
    assertEquals(0, run("remove", "bob@example.com"));
    assertEquals(0, run("import", file.toString()));
    assertPrinted("         1  added\n");
    assertPrinted("         1  were there, just so\n");
    assertSaid("1 of the devices are of com.example.phone/apple, which is not configured");
    assertEquals(
        before.stream().sorted(StoredToken.ORDER).toList(),
        store.stored().stream().sorted(StoredToken.ORDER).toList());
  }

  @Test
  void anExportThatIsNotWholeFails() throws IOException {
    add("bob@example.com", APPLE, "phone-1");
    try (PrintStream full = new PrintStream(new FileOutputStream("/dev/full"))) {
      standard = full;
      assertEquals(1, run("export"));
    }
    assertSaid("not all devices were written");
  }

  @Test
  void anExportTakesThePlaceOfNothingButAFile() throws IOException {
    add("bob@example.com", APPLE, "phone-1");
    Path link = Files.createSymbolicLink(directory.resolve("null"), Path.of("/dev/null"));
    assertEquals(1, run("export", "-o", link.toString()));
    assertSaid("null is no plain file");
    assertTrue(Files.isSymbolicLink(link));
  }

  @ParameterizedTest
  @ValueSource(strings = {"protocol3.pickle", "protocol5.pickle"})
  void aDryRunSaysWhatWouldBeImportedAlsoWhereNothingIsStoredYet(String name) throws IOException {
    Files.delete(directory.resolve("tokens.db"));
    String file = "src/test/resources/tokens/" + name;
    assertEquals(0, run("import", "--dry-run", file));
    assertPrinted("Would import from " + file + " (pickle) into ");
    assertPrinted("         3  added\n");
    assertEquals(List.of(), store.stored());
    assertFalse(Files.exists(directory.resolve("tokens.db")));
    assertEquals(0, run("import", file));
    assertEquals(3, store.stored().size());
    assertEquals(
        PosixFilePermissions.fromString("rw-------"),
        Files.getPosixFilePermissions(directory.resolve("tokens.db")));
  }

  @Test
  void whatCannotBeReadIsNamed() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("tokens.csv"),
            "account,app_id,platform,token,device_id\nbob@example.com,a,ios,t\n");
    assertEquals(1, run("import", file.toString()));
    assertSaid("skipped line 2: it has no device-id");
    assertEquals(1, run("import", "src/test/resources/tokens/hostile4.pickle"));
    assertSaid("hostile4.pickle cannot be read: it is no file of tokens");
    assertEquals(1, run("import", directory.resolve("none").toString()));
    assertSaid("does not exist");
    assertEquals(2, run("import", "--format", "xml", file.toString()));
    assertSaid("FORMAT must be pickle, json, csv or opensips");
  }

  @Test
  void aStoreThatCannotBeUsedSaysWhy() {
    store.fail("the disk is full");
    for (String command : List.of("list", "count")) {
      assertEquals(1, run(command));
      assertSaid("pushserver tokens " + command + ": the disk is full");
    }
    assertTrue(store.isClosed());
  }

  @Test
  void whereNothingIsStoredYetThatIsSaid() throws IOException {
    Files.delete(directory.resolve("tokens.db"));
    assertEquals(1, run("list"));
    assertSaid("no tokens are stored yet: there is no ");
    Files.writeString(directory.resolve("general.ini"), "[tokens]\nfile = none/tokens.db\n");
    assertEquals(1, run("import", "src/test/resources/tokens/protocol4.pickle"));
    assertSaid("make it, for the user of the server");
  }

  @Test
  void whereNoStoreIsNamedNothingIsCounted() throws IOException {
    Files.writeString(
        directory.resolve("general.ini"), "[Cassandra]\ncluster_contact_points = 127.0.0.1\n");
    assertEquals(1, runReal("count"));
    assertSaid("count: [Cassandra] in general.ini does not say where tokens are stored");
    Files.writeString(directory.resolve("general.ini"), "[tokens]\nstore = none\n");
    assertEquals(1, runReal("count"));
    assertSaid("count: Stored tokens are off");
    assertEquals("", out.toString());
  }

  @Test
  void aServerThatRunsSeesWhatIsImportedBesideItAndKeepsWhatIsNewer() throws Exception {
    SqliteTokenStore server = SqliteTokenStore.open(directory.resolve("tokens.db"), 1000);
    try {
      StoredToken own =
          new StoredToken(
              "alice@example.com", APPLE, "devA", SECRET, null, true, null, 1_800_000_000_000L, 0);
      Void unused = await(server.add(own));
      assertEquals(List.of(), await(server.devices("bob@example.com")));
      assertEquals(0, runReal("import", "src/test/resources/tokens/protocol4.pickle"));
      assertPrinted("         2  added\n");
      assertPrinted("         1  left out: what is stored is newer\n");
      Await.until(
          () -> await(server.devices("bob@example.com")).size() == 1,
          () -> "the server has not seen it");
      assertEquals(
          List.of("devA", "7f3c0b52-9a41-4c1e-8f10-2b6a90c4e75a"),
          await(server.devices("alice@example.com")).stream()
              .map(StoredToken::deviceId)
              .sorted(Comparator.reverseOrder())
              .toList());
      assertEquals(0, runReal("count"));
      assertPrinted("         2  accounts\n         3  devices\n");
      assertEquals(0, runReal("remove", "bob@example.com"));
      Await.until(
          () -> await(server.devices("bob@example.com")).isEmpty(),
          () -> "the server has not seen the removal");
    } finally {
      Void unused = await(server.close());
    }
  }

  @Test
  void anImportMakesTheFileThatTheServerWillUse() throws Exception {
    Path file = directory.resolve("tokens.db");
    Files.delete(file);
    assertEquals(0, runReal("import", "src/test/resources/tokens/protocol2.pickle"));
    assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file));
    assertEquals(0, runReal("list"));
    assertPrinted("bob@example.com");
  }
}
