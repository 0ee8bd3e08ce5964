// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.push.AppKey;

class TrailFileTest {
  private static final long NOW = 1_796_000_000_000L;

  @TempDir Path folder;

  private Path written(int entries) throws SQLException {
    Path path = new TrailFiles(folder).next(NOW);
    try (WrittenTrail file = WrittenTrail.create(path)) {
      for (int i = 0; i < entries; i++) {
        file.add(TrailEntries.delivered(i));
      }
      file.commit();
    }
    return path;
  }

  private static List<TrailEntry> read(TrailReader reader, int[] blocks) throws Exception {
    List<TrailEntry> entries = new ArrayList<>();
    for (int no : blocks) {
      entries.addAll(reader.block(no).entries());
    }
    return entries;
  }

  private static int[] all(TrailReader reader) throws SQLException {
    return reader.blocksOf(0, Long.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsWrittenIsReadAsItWas(boolean closed) throws Exception {
    Path path = written(300);
    if (closed) {
      TrailFile.finish(path);
    }
    try (TrailReader reader = TrailReader.open(path, closed)) {
      List<TrailEntry> entries = new ArrayList<>(read(reader, all(reader)));
      entries.sort((one, other) -> Long.compare(one.at(), other.at()));
      assertEquals(IntStream.range(0, 300).mapToObj(TrailEntries::delivered).toList(), entries);
      assertEquals(
          new TrailReader.Summary(300, 0, TrailEntries.BORN, TrailEntries.BORN + 2990),
          reader.summary());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anEntryIsFoundByEachOfItsKeys(boolean closed) throws Exception {
    Path path = written(2000);
    if (closed) {
      TrailFile.finish(path);
    }
    TrailEntry wanted = TrailEntries.delivered(1234);
    try (TrailReader reader = TrailReader.open(path, closed)) {
      for (long key :
          new long[] {
            TrailKeys.call(wanted.callId()),
            TrailKeys.account(wanted.account()),
            TrailKeys.device(wanted.device()),
            TrailKeys.token(wanted.tokenHash())
          }) {
        int[] blocks = reader.blocksWith(key, Integer.MAX_VALUE, 10);
        assertTrue(blocks.length >= 1 && blocks.length <= 2, () -> blocks.length + " blocks");
        assertTrue(read(reader, blocks).contains(wanted));
      }
      assertEquals(
          0, reader.blocksWith(TrailKeys.call("never heard of"), Integer.MAX_VALUE, 10).length);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void blocksComeNewestFirstAndGoOnWhereTheyEnded(boolean closed) throws Exception {
    Path path = written(3000);
    if (closed) {
      TrailFile.finish(path);
    }
    try (TrailReader reader = TrailReader.open(path, closed)) {
      long key = TrailKeys.app(TrailEntries.APP.appId());
      int[] all = reader.blocksWith(key, Integer.MAX_VALUE, 1000);
      assertArrayEquals(all(reader), all);
      int[] first = reader.blocksWith(key, Integer.MAX_VALUE, 5);
      int[] then = reader.blocksWith(key, first[4], 1000);
      assertArrayEquals(all, IntStream.concat(IntStream.of(first), IntStream.of(then)).toArray());
    }
  }

  @Test
  void aKeyThatManyBlocksHaveIsFoundWhole() throws Exception {
    Path path = new TrailFiles(folder).next(NOW);
    try (WrittenTrail file = WrittenTrail.create(path)) {
      for (int i = 0; i < 1500; i++) {
        file.add(TrailEntries.delivered(7));
        file.commit();
      }
    }
    TrailFile.finish(path);
    try (TrailReader reader = TrailReader.open(path, true)) {
      long key = TrailKeys.call(TrailEntries.callId(7));
      int[] found = reader.blocksWith(key, Integer.MAX_VALUE, Integer.MAX_VALUE);
      assertArrayEquals(IntStream.rangeClosed(1, 1500).map(i -> 1501 - i).toArray(), found);
      assertEquals(0, reader.blocksWith(key, 1, 10).length);
      assertArrayEquals(new int[] {1}, reader.blocksWith(key, 2, 10));
    }
  }

  @Test
  void aClosedFileHasItsIndexAndNothingElseBesideIt() throws Exception {
    Path path = written(10);
    TrailFile.finish(path);
    try (Stream<Path> there = Files.list(folder)) {
      assertEquals(Set.of(path, KeyIndex.path(path)), there.collect(Collectors.toSet()));
    }
    StoredFile only = new TrailFiles(folder).list().get(0);
    assertTrue(only.closed());
    assertEquals(NOW, only.since());
    assertEquals(Files.size(path) + Files.size(KeyIndex.path(path)), only.bytes());
  }

  @Test
  void namesAreReadInAnyCase() throws Exception {
    String lower = "0c6a882f-1234-4bcd-8ef0-00112233aabb";
    List<String> names =
        List.of(
            lower,
            lower.toUpperCase(Locale.ROOT),
            "0C6a882f-1234-4bcd-8ef0-00112233aabb",
            "zzzzzzzz-1234-4bcd-8ef0-00112233aabb",
            "Zoë",
            "");
    BlockOutput out = new BlockOutput();
    names.forEach(out::name);
    BlockInput in = new BlockInput(out.toBytes());
    for (String name : names) {
      assertEquals(name, in.text());
    }
  }

  @Test
  void aNoteIsFoundByItsPush() throws Exception {
    UUID push = new UUID(5, 6);
    TrailStep woken = new TrailStep(TrailStep.What.WOKEN, NOW, 0, 0, "", 1234, "", 0);
    Path path = new TrailFiles(folder).next(NOW);
    try (WrittenTrail file = WrittenTrail.create(path)) {
      file.add(new TrailNote(push, TrailEntries.APP, "call", woken));
      file.commit();
    }
    TrailFile.finish(path);
    try (TrailReader reader = TrailReader.open(path, true)) {
      assertEquals(
          List.of(new TrailNote(push, TrailEntries.APP, "call", woken)), reader.notes(push));
      assertEquals(List.of(), reader.notes(new UUID(5, 7)));
    }
  }

  @Test
  void aRequestThatNamedNoApplicationIsKept() throws Exception {
    TrailEntry refused =
        new TrailEntry(
            new UUID(1, 2),
            NOW,
            NOW,
            TrailEnd.NOT_LET_IN,
            null,
            "",
            "",
            "",
            "",
            "",
            "",
            0,
            "192.0.2.9",
            403,
            "this address may not",
            0,
            List.of(),
            "");
    Path path = new TrailFiles(folder).next(NOW);
    try (WrittenTrail file = WrittenTrail.create(path)) {
      file.add(refused);
      file.commit();
    }
    try (TrailReader reader = TrailReader.open(path, false)) {
      int[] blocks = reader.blocksWith(TrailKeys.end(TrailEnd.NOT_LET_IN), Integer.MAX_VALUE, 1);
      assertEquals(List.of(refused), read(reader, blocks));
    }
  }

  @Test
  void whatWasNotCommittedIsNotThere() throws Exception {
    Path path = new TrailFiles(folder).next(NOW);
    try (WrittenTrail file = WrittenTrail.create(path)) {
      file.add(TrailEntries.delivered(1));
      file.commit();
      for (int i = 0; i < 200; i++) {
        file.add(TrailEntries.delivered(2));
      }
      file.write();
    }
    TrailFile.finish(path);
    try (TrailReader reader = TrailReader.open(path, true)) {
      assertEquals(1, reader.summary().entries());
    }
  }

  @Test
  void aFlippedByteInABlockIsNoticed() throws Exception {
    Path path = written(100);
    TrailFile.finish(path);
    byte[] bytes = Files.readAllBytes(path);
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("call-55@");
    assertTrue(at > 0);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(at);
      file.write('X');
    }
    try (TrailReader reader = TrailReader.open(path, true)) {
      int[] blocks = all(reader);
      assertThrows(DamagedTrailException.class, () -> read(reader, blocks));
    }
  }

  @Test
  void aFileThatWasCutIsSetAsideAndTheOthersServe() throws Exception {
    Path cut = written(500);
    TrailFile.finish(cut);
    Path whole = written(500);
    TrailFile.finish(whole);
    try (RandomAccessFile file = new RandomAccessFile(cut.toFile(), "rw")) {
      file.setLength(file.length() - 100);
    }
    TrailFiles files = new TrailFiles(folder);
    assertEquals(List.of(whole), files.list().stream().map(StoredFile::path).toList());
    assertEquals(1, files.damaged().size());
    assertFalse(Files.exists(cut));
  }

  @Test
  void aFileThatIsJustBeingClosedIsNotDamaged() throws Exception {
    Path path = written(500);
    TrailFile.finish(path);
    Path journal = Files.createFile(path.resolveSibling(path.getFileName() + "-journal"));
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(file.length() - 4096);
    }
    TrailFiles files = new TrailFiles(folder);
    assertFalse(files.list().get(0).closed());
    assertEquals(List.of(), files.damaged());
    Files.delete(journal);
    assertEquals(List.of(), files.list());
    assertEquals(1, files.damaged().size());
  }

  @Test
  void filesAreDeletedOldestFirst() throws Exception {
    for (int i = 0; i < 5; i++) {
      Path path = new TrailFiles(folder).next(NOW + i * 3_600_000L);
      try (WrittenTrail file = WrittenTrail.create(path)) {
        file.add(TrailEntries.of(i, new AppKey("a", "b"), TrailEnd.REFUSED, "no"));
        file.commit();
      }
      if (i < 4) {
        TrailFile.finish(path);
      }
    }
    TrailFiles files = new TrailFiles(folder);
    long size = files.list().get(0).bytes();
    assertEquals(0, files.expire(NOW + 3_599_999, Long.MAX_VALUE));
    assertEquals(1, files.expire(NOW + 3_600_001, Long.MAX_VALUE));
    assertEquals(4, files.list().size());
    assertTrue(files.expire(0, 2 * size) >= 2);
    try (Stream<Path> all = Files.list(folder)) {
      long indexes = all.filter(path -> path.toString().endsWith(KeyIndex.SUFFIX)).count();
      assertEquals(files.list().size() - 1, indexes);
    }
    int unused = files.expire(0, 0);
    // The one that is written stays, whatever it takes.
    assertEquals(List.of(false), files.list().stream().map(StoredFile::closed).toList());
  }

  /** Without it another process that reads takes away what is not in its place yet. */
  @Test
  void aFileThatIsWrittenKeepsItsLockWhileOthersLookAtTheFolder() throws Exception {
    TrailFiles files = new TrailFiles(folder);
    Path path = files.next(NOW);
    try (WrittenTrail file = WrittenTrail.create(path)) {
      file.add(TrailEntries.delivered(1));
      file.commit();
      assertTrue(isLocked(path), "this machine shows locks");
      assertEquals(List.of(path), files.list().stream().map(StoredFile::path).toList());
      assertTrue(isLocked(path));
    }
    assertFalse(isLocked(path));
  }

  private static boolean isLocked(Path path) throws Exception {
    String node = ":" + Files.getAttribute(path, "unix:ino") + " ";
    return Files.readAllLines(Path.of("/proc/locks")).stream()
        .anyMatch(line -> line.contains("POSIX") && line.contains(node));
  }
}
