// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.push.AppKey;

/** What a search finds in files that are closed, and in the one that is written. */
class FileSearchTest {
  private static final AppKey OTHER = new AppKey("com.example.tablet", AppKey.FIREBASE);
  private static final long HOUR = 3_600_000;

  @TempDir Path folder;

  private final AtomicLong clock = new AtomicLong();

  /** The entries of one file, and whether it is closed. */
  @CanIgnoreReturnValue
  private Path write(long begun, boolean closed, List<TrailEntry> entries, TrailNote... notes)
      throws Exception {
    Path path = new TrailFiles(folder).next(begun);
    try (WrittenTrail file = WrittenTrail.create(path)) {
      for (TrailEntry entry : entries) {
        file.add(entry);
      }
      for (TrailNote note : notes) {
        file.add(note);
      }
      file.commit();
    }
    if (closed) {
      TrailFile.finish(path);
    }
    return path;
  }

  private static List<TrailEntry> delivered(int from, int to) {
    return IntStream.range(from, to).mapToObj(TrailEntries::delivered).toList();
  }

  /** Three files, a second of entries in each; the last one is still written. */
  private void writeThree() throws Exception {
    write(TrailEntries.BORN, true, delivered(0, 300));
    write(TrailEntries.BORN + HOUR, true, delivered(300, 600));
    write(TrailEntries.BORN + 2 * HOUR, false, delivered(600, 900));
  }

  private TrailPage search(TrailQuery query) {
    return search(query, List.of());
  }

  private TrailPage search(TrailQuery query, List<TrailEntry> waiting) {
    return new FileSearch(new TrailFiles(folder), clock::get).search(query, waiting);
  }

  private static List<Integer> numbers(TrailPage page) {
    return page.entries().stream()
        .map(entry -> (int) entry.id().getLeastSignificantBits())
        .toList();
  }

  private static TrailQuery all(int limit) {
    return TrailQuery.all(TrailScope.ALL, limit);
  }

  private static TrailQuery with(
      String account, String device, long token, String appId, Set<TrailEnd> ends, String reason) {
    return new TrailQuery(
        TrailScope.ALL,
        null,
        "",
        account,
        device,
        token,
        appId,
        "",
        ends,
        reason,
        0,
        Long.MAX_VALUE,
        "",
        100);
  }

  private List<Integer> pages(TrailQuery query) {
    List<Integer> found = new ArrayList<>();
    String cursor = "";
    do {
      TrailPage page = search(query.after(cursor));
      found.addAll(numbers(page));
      cursor = page.next();
    } while (!cursor.isEmpty());
    return found;
  }

  private static List<Integer> down(int from, int to) {
    return IntStream.range(to, from).map(i -> from - 1 - i + to).boxed().toList();
  }

  @Test
  void whereThereIsNoFolderNothingIsFound() {
    assertEquals(new TrailPage(List.of(), "", List.of()), search(all(10)));
  }

  @Test
  void everyEntryComesOnceAndTheNewestFirst() throws Exception {
    writeThree();
    for (int limit : new int[] {1000, 128, 7}) {
      assertEquals(down(900, 0), pages(all(limit)), "by " + limit);
    }
    assertEquals("", search(all(900)).next());
  }

  @Test
  void anEntryIsFoundByWhatItHas() throws Exception {
    writeThree();
    for (int number : new int[] {5, 450, 899}) {
      TrailEntry wanted = TrailEntries.delivered(number);
      assertEquals(List.of(wanted), search(all(10).ofCall(wanted.callId())).entries());
      assertEquals(
          List.of(wanted), search(with("", wanted.device(), 0, "", Set.of(), "")).entries());
      assertEquals(
          List.of(wanted), search(with("", "", wanted.tokenHash(), "", Set.of(), "")).entries());
      assertEquals(
          List.of(wanted), search(with(wanted.account(), "", 0, "", Set.of(), "")).entries());
    }
    assertEquals(List.of(), search(all(10).ofCall("call-900@pbx.example.com")).entries());
  }

  @Test
  void aPushIsFoundByItsId() throws Exception {
    writeThree();
    TrailEntry wanted = search(all(1000)).entries().get(1);
    TrailPage page = search(all(1000).ofPush(wanted.id()));
    assertEquals(List.of(wanted.id()), page.entries().stream().map(TrailEntry::id).toList());
    assertEquals(List.of(), search(all(1000).ofPush(new UUID(0, 0))).entries());
  }

  @Test
  void endReasonAndApplicationAreFoundTogether() throws Exception {
    List<TrailEntry> entries = new ArrayList<>(delivered(0, 1000));
    entries.set(77, TrailEntries.of(77, OTHER, TrailEnd.DEAD_TOKEN, "NOT_FOUND"));
    entries.set(500, TrailEntries.of(500, OTHER, TrailEnd.REFUSED, "SENDER_ID_MISMATCH"));
    entries.set(501, TrailEntries.of(501, TrailEntries.APP, TrailEnd.REFUSED, "BadDeviceToken"));
    write(TrailEntries.BORN, true, entries);
    Set<TrailEnd> bad = Set.of(TrailEnd.REFUSED, TrailEnd.DEAD_TOKEN);
    assertEquals(List.of(501, 500, 77), numbers(search(with("", "", 0, "", bad, ""))));
    assertEquals(List.of(500, 77), numbers(search(with("", "", 0, OTHER.appId(), bad, ""))));
    assertEquals(List.of(500, 77), numbers(search(with("", "", 0, OTHER.appId(), Set.of(), ""))));
    assertEquals(List.of(501), numbers(search(with("", "", 0, "", bad, "devicetoken"))));
    assertEquals(
        List.of(500, 77), numbers(search(TrailQuery.all(scope(OTHER), 10))), "what a key may see");
    assertEquals(List.of(), search(TrailQuery.all(TrailScope.NONE, 10)).entries());
  }

  private static TrailScope scope(AppKey only) {
    return new TrailScope() {
      @Override
      public boolean sees(AppKey app) {
        return only.equals(app);
      }

      @Override
      public Set<String> appIds() {
        return Set.of(only.appId());
      }
    };
  }

  @Test
  void onlyEntriesOfTheTimeAreFound() throws Exception {
    writeThree();
    long from = TrailEntries.delivered(250).at();
    long to = TrailEntries.delivered(350).at();
    TrailQuery query =
        new TrailQuery(
            TrailScope.ALL, null, "", "", "", 0, "", "", Set.of(), "", from, to, "", 1000);
    // Each file may hold what was accepted long before it was begun.
    assertEquals(down(350, 250), numbers(search(query)));
    TrailQuery ofApplication = query.of(TrailEntries.APP, to);
    assertEquals(down(350, 250), numbers(search(ofApplication)));
  }

  @Test
  void aCursorStaysGoodWhileFilesComeAndGo() throws Exception {
    writeThree();
    TrailPage first = search(all(450));
    assertEquals(down(900, 450), numbers(first));
    Path open;
    try (var files = Files.list(folder)) {
      open = files.filter(path -> path.toString().endsWith(".db")).max(Path::compareTo).get();
    }
    TrailFile.finish(open);
    write(TrailEntries.BORN + 3 * HOUR, false, delivered(900, 1000));
    TrailPage second = search(all(100).after(first.next()));
    assertEquals(down(450, 350), numbers(second));
    Files.delete(new TrailFiles(folder).list().get(2).path());
    Files.delete(new TrailFiles(folder).list().get(2).path());
    TrailPage third = search(all(100).after(second.next()));
    assertEquals(new TrailPage(List.of(), "", List.of()), third);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1.2", "1.2.3.4", "w.1.x", "w.1", "zz.1.1", "1.1.99999999999"})
  void whatIsNoCursorIsRefused(String cursor) {
    assertThrows(IllegalArgumentException.class, () -> search(all(10).after(cursor)));
  }

  @Test
  void whatHasNotEndedComesFirstAndOnce() throws Exception {
    writeThree();
    List<TrailEntry> waiting =
        IntStream.range(890, 1000).mapToObj(FileSearchTest::waiting).toList();
    TrailPage first = search(all(60), waiting);
    assertEquals(down(1000, 940), numbers(first));
    TrailPage second = search(all(60).after(first.next()), waiting);
    assertEquals(down(940, 890), numbers(second).subList(0, 50));
    assertEquals(
        TrailEnd.DELIVERED, second.entries().get(49).end(), "it has ended while it was looked for");
    assertEquals(down(890, 880), numbers(second).subList(50, 60));
  }

  private static TrailEntry waiting(int number) {
    TrailEntry ended = TrailEntries.delivered(number);
    return new TrailEntry(
        ended.id(),
        ended.at(),
        0,
        null,
        ended.app(),
        ended.event(),
        ended.callId(),
        ended.from(),
        ended.account(),
        ended.device(),
        ended.token(),
        ended.tokenHash(),
        ended.sender(),
        0,
        "",
        0,
        List.of(),
        "");
  }

  @Test
  void whatBecameKnownLaterStandsAmongTheSteps() throws Exception {
    TrailEntry entry = TrailEntries.delivered(5);
    TrailStep woken = TrailStep.of(TrailStep.What.WOKEN, entry.endedAt() + 900, "");
    TrailStep late = TrailStep.of(TrailStep.What.LATE, entry.endedAt() - 1, "");
    write(TrailEntries.BORN, true, delivered(0, 10), note(entry.id(), late));
    write(TrailEntries.BORN + HOUR, false, List.of(), note(entry.id(), woken));
    List<TrailStep> steps = search(all(10).ofCall(entry.callId())).entries().get(0).steps();
    assertEquals(entry.steps().size() + 2, steps.size());
    assertEquals(woken, steps.get(steps.size() - 1));
    assertTrue(steps.indexOf(late) < steps.size() - 2);
  }

  private static TrailNote note(UUID push, TrailStep step) {
    return new TrailNote(push, TrailEntries.APP, "", step);
  }

  @Test
  void aSearchThatTakesTooLongTellsWhatItHasAndWhereToGoOn() throws Exception {
    writeThree();
    TrailQuery query = with("", "", 0, "", Set.of(), "no reason has this");
    clock.set(0);
    FileSearch search =
        new FileSearch(new TrailFiles(folder), () -> clock.addAndGet(1_500_000_000L));
    TrailPage first = search.search(query, List.of());
    assertEquals(List.of(), first.entries());
    assertTrue(
        first.notes().get(0).startsWith("Searched back to 2026-09-"), first.notes()::toString);
    int rounds = 0;
    String cursor = first.next();
    while (!cursor.isEmpty()) {
      rounds++;
      assertTrue(rounds < 20, "it goes on, and comes to an end");
      cursor = search.search(query.after(cursor), List.of()).next();
    }
  }

  @Test
  void aDamagedFileBecomesANoteAndTheOthersServe() throws Exception {
    writeThree();
    Path second = new TrailFiles(folder).list().get(1).path();
    long length = Files.size(second);
    try (RandomAccessFile file = new RandomAccessFile(second.toFile(), "rw")) {
      for (long at = 4096 + 100; at < length; at += 256) {
        file.seek(at);
        file.write(0xA5);
      }
    }
    List<TrailEntry> rest = search(all(1000)).entries();
    assertTrue(rest.containsAll(delivered(0, 300)) && rest.containsAll(delivered(600, 900)));
    List<String> notes = search(all(1000)).notes();
    assertTrue(notes.get(0).contains("damaged") || notes.get(0).contains("block"), notes::toString);
  }

  @Test
  void theFilesOfAServerThatDoesNotRunAreSearched() throws Exception {
    writeThree();
    TrailPage page = TrailSearch.offline(folder, all(1).ofCall(TrailEntries.callId(123)));
    assertEquals(List.of(123), numbers(page));
  }

  @Test
  void aCursorThatNobodyWasGivenFindsNoMoreThanThereIs() throws Exception {
    writeThree();
    String cursor =
        new TrailPosition.Stored(TrailEntries.BORN + 2 * HOUR, 1, Integer.MAX_VALUE).cursor();
    TrailPage page = search(all(1000).after(cursor));
    assertEquals(128 + 600, page.entries().size());
  }

  @Test
  void aFileOfANewerPushserverIsLeftAloneUntilItIsTooOld() throws Exception {
    writeThree();
    Path newer = write(TrailEntries.BORN + 3 * HOUR, true, delivered(900, 910));
    try (RandomAccessFile file = new RandomAccessFile(newer.toFile(), "rw")) {
      file.seek(60);
      file.writeInt(TrailSchema.CLOSED + 1);
    }
    byte[] before = Files.readAllBytes(newer);
    TrailPage page = search(all(1000));
    assertEquals(900, page.entries().size());
    assertEquals(
        List.of(
            newer.getFileName() + " is of a newer Pushserver, and what it holds is missing here"),
        page.notes());
    TrailFiles files = new TrailFiles(folder);
    assertEquals(3, files.list().size());
    assertArrayEquals(before, Files.readAllBytes(newer));
    assertEquals(0, files.expire(TrailEntries.BORN, Long.MAX_VALUE));
    assertTrue(files.expire(newer.toFile().lastModified() + HOUR, Long.MAX_VALUE) > 0);
    assertFalse(Files.exists(newer));
  }
}
