// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.failure;
import static org.pushserver.fake.Await.until;

import io.vertx.core.Future;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.LogTrail;
import org.pushserver.tokens.TokenStore.Removal;

/** Stored tokens in a file, as a server opens it: the contract, and what may be wrong with it. */
@Timeout(60)
class StoredTokensTest extends TokenStoreContract {
  @TempDir private Path state;

  private Path file() {
    return state.resolve("made/tokens.db");
  }

  @Override
  protected TokenStore open() {
    return new StoredTokens(file(), 1000);
  }

  private void close() {
    await(store.close());
    store = null;
  }

  private void reopen() {
    close();
    store = open();
  }

  private static StoredToken phone(int number) {
    return device("user" + number + "@example.com", APPLE, "phone-" + number, "token-" + number);
  }

  private void addMany(int count) {
    List<Future<Void>> added = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      added.add(store.add(phone(i)));
    }
    await(Future.all(added));
  }

  private String refused() {
    Throwable cause = failure(store.add(phone(0)));
    assertTrue(cause instanceof TokenStoreException, cause::toString);
    return cause.getMessage();
  }

  private void untilUsable() throws Exception {
    until(() -> store.state().isUsable(), () -> store.state().problem());
  }

  private void change(String sql) throws Exception {
    TokenSchema.make(file());
    try (Connection opened = TokenSchema.write(file(), 1000)) {
      TokenSchema.execute(opened, sql);
    }
  }

  @Test
  void nothingIsMadeBeforeItIsNeeded() {
    ((StoredTokens) store).start(false);
    assertTrue(store.state().isUsable());
    close();
    assertFalse(Files.exists(file().getParent()));
  }

  @Test
  void nothingIsMadeForWhoOnlyCountsOrClearsUp() {
    ((StoredTokens) store).start(false);
    assertEquals(0, await(store.count()).total());
    assertEquals(List.of(), await(store.list(null, 100)).tokens());
    assertEquals(0, await(store.dead(new DeadDevice(APPLE, "token-1", null, null, NOW))));
    store.seen(phone(1), NOW);
    close();
    assertFalse(Files.exists(file().getParent()));
  }

  @Test
  void whatWasThereBeforeIsCountedWithoutAnyOtherQuestion() {
    add(phone(1));
    reopen();
    assertEquals(1, await(store.count()).total());
  }

  @Test
  void itIsMadeAtTheStartWhenThatIsWanted() throws Exception {
    ((StoredTokens) store).start(true);
    until(() -> Files.exists(file()), () -> "no file");
  }

  @Test
  void whatWasAnsweredIsThereAfterTheNextStart() {
    StoredToken whole =
        new StoredToken(
            ALICE,
            APPLE,
            "7f3c0b52-9a41-4c1e-8f10-2b6a90c4e75a",
            "0011aabb".repeat(8),
            "ffee".repeat(16),
            false,
            "Phone/1.0",
            NOW,
            NOW);
    add(whole, phone(1));
    assertEquals(
        Removal.REMOVED, await(store.remove("user1@example.com", APPLE.appId(), "phone-1")));
    reopen();
    has(ALICE, whole);
    has("user1@example.com");
    assertEquals(1, await(store.count()).accounts());
  }

  @Test
  void onlyTheServersUserMayReadIt() throws Exception {
    add(phone(1));
    for (Path one : List.of(file(), state.resolve("made/tokens.db-wal"))) {
      assertEquals(
          "rw-r-----",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(one)),
          one::toString);
    }
    assertEquals(
        "rwxr-x---",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(file().getParent())));
  }

  @Test
  void twoServersDoNotHaveOneFileAndTheSecondGoesOnWhenTheFirstHasEnded() throws Exception {
    add(phone(1));
    StoredTokens second = new StoredTokens(file(), 1000);
    try {
      Throwable cause = failure(second.devices(ALICE));
      assertEquals(
          "another server has " + file() + "; each needs a file of its own", cause.getMessage());
      assertEquals(new TokenStoreState("SQLite", false, cause.getMessage()), second.state());
      close();
      until(() -> second.state().isUsable(), () -> second.state().problem());
      assertEquals(1, await(second.devices("user1@example.com")).size());
    } finally {
      await(second.close());
    }
  }

  @Test
  void aServerThatLeavesLetsTheNextOneHaveTheFileAndGoesOnWithItsOwn() throws Exception {
    add(phone(1));
    StoredTokens next = new StoredTokens(file(), 1000);
    try {
      Future<List<StoredToken>> waits = next.devices("user1@example.com");
      store.share();
      assertEquals(1, await(waits).size());
      add(phone(2));
      until(() -> await(next.devices("user2@example.com")).size() == 1, () -> "not noticed");
      await(next.add(phone(3)));
      until(() -> await(store.devices("user3@example.com")).size() == 1, () -> "not noticed");
    } finally {
      await(next.close());
    }
  }

  @Test
  void accountsInMemoryDoNotWaitForAChangeThatTakesLong() throws Exception {
    close();
    SqliteTokenStore opened = SqliteTokenStore.open(file(), 1000);
    store = opened;
    add(phone(1));
    assertEquals(1, await(store.devices("user1@example.com")).size());
    CompletableFuture<Void> begun = new CompletableFuture<>();
    CompletableFuture<Void> goesOn = new CompletableFuture<>();
    Future<Void> slow =
        opened.change(
            database -> {
              begun.complete(null);
              goesOn.join();
              return null;
            });
    try {
      await(begun);
      // Longer than until the next look whether others have changed the file.
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1200);
      until(
          () -> {
            assertTrue(store.devices("user1@example.com").isComplete());
            return System.nanoTime() - end > 0;
          },
          () -> "");
    } finally {
      goesOn.complete(null);
    }
    await(slow);
  }

  @Test
  void anErrorInAChangeIsAnsweredAndNoOtherSuffersForIt() throws Exception {
    close();
    SqliteTokenStore opened = SqliteTokenStore.open(file(), 1000);
    store = opened;
    Future<Void> broken =
        opened.change(
            database -> {
              throw new StackOverflowError("made up");
            });
    Throwable cause = failure(broken);
    assertEquals(
        "the store of tokens failed: java.lang.StackOverflowError: made up", cause.getMessage());
    add(phone(1));
    has("user1@example.com", phone(1));
  }

  @Test
  void whatAnotherProgramChangesIsNoticedThoughItWasInMemory() throws Exception {
    add(phone(1));
    assertEquals(1, await(store.devices("user1@example.com")).size());
    assertEquals(1, await(store.devices("user1@example.com")).size());
    TokenStore beside = SqliteTokenStore.openBeside(file());
    try {
      assertEquals(
          Removal.REMOVED, await(beside.remove("user1@example.com", APPLE.appId(), "phone-1")));
      await(beside.add(phone(2)));
    } finally {
      await(beside.close());
    }
    until(() -> await(store.devices("user1@example.com")).isEmpty(), () -> "still in memory");
    has("user2@example.com", phone(2));
    add(phone(3));
    assertEquals(2, await(store.count()).total());
  }

  @Test
  void accountsAreAnsweredFromMemoryAlsoThoseThatHaveNone() {
    StoredTokens stored = (StoredTokens) store;
    add(phone(1));
    for (int i = 0; i < 5; i++) {
      assertEquals(1, await(store.devices("user1@EXAMPLE.com")).size());
      has(ALICE);
    }
    assertEquals(2, stored.misses());
    assertEquals(8, stored.hits());
  }

  @Test
  void memoryIsBounded() throws Exception {
    close();
    SqliteTokenStore small = SqliteTokenStore.open(file(), 100);
    store = small;
    addMany(2000);
    for (int i = 0; i < 2000; i++) {
      has("user" + i + "@example.com", phone(i));
    }
    assertTrue(small.cached() < 250, () -> small.cached() + " accounts");
  }

  @Test
  void withoutMemoryAllIsRead() throws Exception {
    close();
    SqliteTokenStore small = SqliteTokenStore.open(file(), 0);
    store = small;
    add(phone(1));
    has("user1@example.com", phone(1));
    has("user1@example.com", phone(1));
    assertEquals(0, small.cached());
  }

  @Test
  void aFileOfANewerPushserverIsLeftAlone() throws Exception {
    change("PRAGMA user_version = 99");
    assertTrue(refused().contains("was written by a newer Pushserver"), this::refused);
    assertFalse(store.state().isUsable());
  }

  @Test
  void aDatabaseOfAnotherProgramIsLeftAlone() throws Exception {
    change("PRAGMA application_id = 7");
    assertTrue(refused().contains("is not a file of Pushserver's"), this::refused);
  }

  @Test
  void whatIsNoDatabaseIsLeftAlone() throws Exception {
    Path unused = Files.createDirectories(file().getParent());
    Files.writeString(file(), "These are the notes of somebody else. ".repeat(100));
    assertTrue(refused().contains("is damaged"), this::refused);
    assertTrue(Files.readString(file()).startsWith("These are"));
  }

  @Test
  void aFolderThatCannotBeMadeIsSaidAndTriedAgain() throws Exception {
    Files.writeString(state.resolve("made"), "in the way");
    assertTrue(refused().contains("cannot be made"), this::refused);
    Files.delete(state.resolve("made"));
    untilUsable();
    add(phone(1));
    has("user1@example.com", phone(1));
  }

  @Test
  void ofADamagedFileTheGoodPartsAreReadAndNothingIsChanged() throws Exception {
    addMany(3000);
    close();
    damageSomePages();
    store = new StoredTokens(file(), 0);
    assertTrue(found() < 60, "no damage was met");
    assertTrue(refused().contains("is damaged; stop the server"), this::refused);
    assertTrue(store.state().problem().contains("is damaged"), () -> store.state().toString());
    assertTrue(found() > 0, "nothing can be read");
  }

  /** Of how many accounts the devices can be read. */
  private int found() {
    int found = 0;
    for (int i = 0; i < 3000; i += 50) {
      found += await(store.devices("user" + i + "@example.com").map(List::size).otherwise(0));
    }
    return found;
  }

  /** Of its leaves some; the roots of all that is in it come first. */
  private void damageSomePages() throws IOException {
    try (RandomAccessFile raw = new RandomAccessFile(file().toFile(), "rw")) {
      byte[] rubbish = new byte[4096];
      Arrays.fill(rubbish, (byte) 0xA5);
      for (long at = 24 * 4096; at < raw.length(); at += 8 * 4096) {
        raw.seek(at);
        raw.write(rubbish);
      }
    }
  }

  @Test
  void aFileThatWasMovedAwayIsMadeAnew() throws Exception {
    add(phone(1));
    Path unused = Files.move(file(), state.resolve("tokens.old"));
    until(() -> Files.exists(file()), () -> "no new file");
    until(
        () -> await(store.devices("user1@example.com").otherwise(List.of(phone(1)))).isEmpty(),
        () -> "still the old one");
    add(phone(2));
    reopen();
    has("user2@example.com", phone(2));
    has("user1@example.com");
  }

  @Test
  void anotherProgramThatWritesForLongIsSaidAndAccountsAreFoundMeanwhile() throws Exception {
    add(phone(1), phone(2));
    try (Connection other = TokenSchema.write(file(), 1000)) {
      TokenSchema.execute(other, "BEGIN IMMEDIATE");
      Future<Void> waits = store.add(phone(3));
      has("user2@example.com", phone(2));
      assertTrue(failure(waits).getMessage().contains("another program writes to"));
      assertFalse(store.state().isUsable());
      has("user1@example.com", phone(1));
      TokenSchema.execute(other, "ROLLBACK");
    }
    untilUsable();
    add(phone(3));
  }

  @Test
  void theEndWaitsNotLongForAnotherProgramThatWritesAndWhoWaitsIsTold() throws Exception {
    add(phone(1));
    List<Future<Void>> waiting = new ArrayList<>();
    try (Connection other = TokenSchema.write(file(), 1000)) {
      TokenSchema.execute(other, "BEGIN IMMEDIATE");
      // More than one transaction has: each would wait for the other program by itself.
      for (int i = 2; i < 10_000; i++) {
        boolean unused = waiting.add(store.add(phone(i)));
      }
      Future<Void> ended = store.close();
      store = null;
      await(ended);
      for (Future<Void> one : waiting) {
        assertTrue(one.isComplete(), "somebody waits for ever");
        String why = failure(one).getMessage();
        assertTrue(
            why.contains("another program writes to") || why.equals("the server is being stopped"),
            why);
      }
      TokenSchema.execute(other, "ROLLBACK");
    }
    store = open();
    has("user1@example.com", phone(1));
  }

  @Test
  void aFileThatCannotBeLookedAtForAWhileIsUsedAsBeforeAndThatIsSaidOnce() throws Exception {
    try (LogTrail log = new LogTrail(StoredTokens.class.getName())) {
      add(phone(1));
      Path folder = file().getParent();
      Path away = Files.move(folder, state.resolve("away"));
      Path unused = Files.createSymbolicLink(folder, folder);
      String line = log.untilLogged("cannot be seen whether the file");
      assertTrue(line.contains("tokens.db"), line);
      assertTrue(store.state().isUsable());
      add(phone(1));
      has("user1@example.com", phone(1));
      Files.delete(folder);
      Path unusedToo = Files.move(away, folder);
      String unusedLine = log.untilLogged("can be seen again");
      assertEquals(1, log.count("cannot be seen whether"));
      assertEquals(0, log.count("has gone"));
      add(phone(2));
      reopen();
      has("user1@example.com", phone(1));
      has("user2@example.com", phone(2));
    }
  }

  @Test
  void manyInOneStepAreStoredAndAServerThatHasTheFileNoticesThem() throws Exception {
    add(phone(1));
    has("user1@example.com", phone(1));
    TokenStore beside = SqliteTokenStore.openBeside(file());
    try {
      assertTrue(beside.isShared(), "a server has it");
      assertFalse(store.isShared(), "nobody waits for a server's own changes");
      List<StoredToken> many = IntStream.range(1, 3000).mapToObj(StoredTokensTest::phone).toList();
      List<Addition> done = await(beside.addUnlessNewer(many));
      assertEquals(new Addition(Addition.What.SAME, 0), done.get(0));
      assertEquals(2998, done.stream().filter(it -> it.what() == Addition.What.ADDED).count());
      until(
          () -> await(store.devices("user2999@example.com")).size() == 1,
          () -> "the server does not notice");
      close();
      assertFalse(beside.isShared(), "nobody has it any more");
    } finally {
      await(beside.close());
    }
  }

  @Test
  void afterTheEndEverythingIsRefused() {
    add(phone(1));
    TokenStore ended = store;
    close();
    assertEquals("the server is being stopped", failure(ended.add(phone(2))).getMessage());
    assertEquals("the server is being stopped", failure(ended.devices(ALICE)).getMessage());
    await(ended.close());
  }
}
