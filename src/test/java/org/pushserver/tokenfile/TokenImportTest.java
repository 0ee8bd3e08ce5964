// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokenfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.fake.MemoryTokenStore;
import org.pushserver.push.AppKey;
import org.pushserver.tokenfile.TokenImport.ImportFailedException;
import org.pushserver.tokens.Addition.What;
import org.pushserver.tokens.StoredToken;

/** What an import leaves in a store, and what it says of that. */
class TokenImportTest {
  private static final AppKey APP = new AppKey("com.example.phone", AppKey.FIREBASE);

  private final MemoryTokenStore store = new MemoryTokenStore();
  private ImportCounts counts = new ImportCounts();

  @TempDir Path directory;

  private static StoredToken token(String account, String deviceId, String token, long storedAt) {
    return new StoredToken(account, APP, deviceId, token, null, true, null, storedAt, 0);
  }

  private void run(boolean dryRun, StoredToken... tokens) throws Exception {
    Path path = directory.resolve("tokens.jsonl");
    try (DeviceLines writer = new DeviceLines(Files.newOutputStream(path), true)) {
      for (StoredToken token : tokens) {
        writer.write(token);
      }
    }
    run(dryRun, path);
  }

  private void run(boolean dryRun, Path path) throws Exception {
    counts = new ImportCounts();
    try (TokenFile file = TokenFile.open(path, null, "", key -> true)) {
      TokenImport work =
          dryRun
              ? TokenImport.dryRun(store::devices, store::refusal, counts, counted -> {})
              : TokenImport.into(store, counts, counted -> {});
      work.run(file);
    }
  }

  private void assertCounts(int added, int renewed, int same, int kept, int twins) {
    assertEquals(
        List.of((long) added, (long) renewed, (long) same, (long) kept, (long) twins),
        List.of(
            counts.of(What.ADDED),
            counts.of(What.RENEWED),
            counts.of(What.SAME),
            counts.of(What.KEPT),
            counts.twins()));
  }

  @Test
  void allThatIsNotThereIsAddedAndASecondTimeNothingIs() throws Exception {
    StoredToken[] all =
        IntStream.range(0, 3 * TokenImport.FIRST)
            .mapToObj(i -> token("user" + i % 500 + "@example.com", "device" + i, "token" + i, i))
            .toArray(StoredToken[]::new);
    run(false, all);
    assertCounts(all.length, 0, 0, 0, 0);
    assertEquals(all.length, counts.read());
    assertEquals(Map.of(APP, (long) all.length), counts.applications());
    assertEquals(all.length, store.stored().size());
    run(false, all);
    assertCounts(0, 0, all.length, 0, 0);
    assertEquals(all.length, store.stored().size());
  }

  @Test
  void whatIsThereAndNewerStays() throws Exception {
    StoredToken newer = token("bob@example.com", "phone", "new", 20);
    await(store.add(newer));
    run(false, token("bob@example.com", "phone", "old", 10));
    assertCounts(0, 0, 0, 1, 0);
    run(false, token("bob@example.com", "phone", "of a file that gives no time", 0));
    assertCounts(0, 0, 0, 1, 0);
    assertEquals(List.of(newer), store.stored());
  }

  @Test
  void whatIsThereAndOlderIsRenewed() throws Exception {
    await(store.add(token("bob@example.com", "phone", "old", 10)));
    run(false, token("bob@example.com", "phone", "new", 20));
    assertCounts(0, 1, 0, 0, 0);
    assertEquals(List.of(token("bob@example.com", "phone", "new", 20)), store.stored());
  }

  @Test
  void ofAPhoneThatHasRegisteredHereTheMangledTwinIsLeftOut() throws Exception {
    StoredToken registered = token("bob@example.com", "d1-phone", "new", 20);
    await(store.add(registered));
    run(false, token("bob@example.com", "1-phone", "old", 0));
    assertCounts(0, 0, 0, 1, 1);
    assertEquals(List.of(registered), store.stored());
  }

  @Test
  void ofTwoRecordsOfOnePhoneInAFileOneStays() throws Exception {
    run(
        false,
        token("bob@example.com", "first", "the same", 0),
        token("bob@example.com", "second", "the same", 0));
    assertCounts(2, 0, 0, 0, 1);
    assertEquals(List.of(token("bob@example.com", "second", "the same", 0)), store.stored());
  }

  @Test
  void ofTwoRowsOfOnePhoneTheNewerStaysWhicheverComesFirst() throws Exception {
    run(
        false,
        token("alice@example.com", "phone", "alice's older", 10),
        token("bob@example.com", "phone", "bob's newer", 20),
        token("alice@example.com", "phone", "alice's newer", 20),
        token("bob@example.com", "phone", "bob's older", 10));
    assertCounts(2, 1, 0, 1, 0);
    assertEquals(
        List.of("alice's newer", "bob's newer"),
        store.stored().stream().map(StoredToken::token).toList());
  }

  @Test
  void aDryRunSaysTheSameAndChangesNothing() throws Exception {
    StoredToken there = token("bob@example.com", "phone", "old", 10);
    await(store.add(there));
    run(
        true,
        token("bob@example.com", "phone", "new", 20),
        token("eve@example.com", "phone", "other", 0));
    assertCounts(1, 1, 0, 0, 0);
    assertEquals(List.of(there), store.stored());
  }

  @Test
  void rowsThatAreNoDevicesAreCountedByReasonAndTheFirstNamed() throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < ImportCounts.NAMED + 5; i++) {
      lines.add("{\"account\":\"bob@example.com\"}");
    }
    lines.add("{");
    run(false, Files.write(directory.resolve("wrong"), lines));
    assertCounts(0, 0, 0, 0, 0);
    assertEquals(lines.size(), counts.skipped());
    assertEquals(
        Map.of("it has no app-id", ImportCounts.NAMED + 5L, "it is no JSON", 1L),
        counts.problems());
    assertEquals(ImportCounts.NAMED, counts.named().size());
    assertEquals("line 1: it has no app-id", counts.named().get(0));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anAccountThatTheStoreDoesNotTakeIsSkippedAndTheOthersAreStored(boolean dryRun)
      throws Exception {
    store.refuseAccountsWithoutDomain();
    run(
        dryRun,
        token("bob", "phone", "of bob", 10),
        token("eve@example.com", "phone", "of eve", 10));
    assertCounts(1, 0, 0, 0, 0);
    assertEquals(Map.of("account must be user@domain", 1L), counts.problems());
    assertEquals(List.of("line 1: account must be user@domain"), counts.named());
  }

  @Test
  void anImportEndsWhenTheStoreCannotBeUsed() {
    store.fail("the disk is full");
    Throwable failure =
        assertThrows(
            ImportFailedException.class, () -> run(false, token("bob@example.com", "a", "b", 0)));
    assertTrue(failure.getCause().getMessage().contains("the disk is full"), failure::toString);
  }
}
