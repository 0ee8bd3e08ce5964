// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyIndexTest {
  private static final long NOW = 1_796_000_000_000L;
  private static final long KEYS = 1L << TrailKeys.BITS;

  @TempDir Path folder;

  private Path file(List<SortedSet<Long>> blocks) throws Exception {
    Path path = new TrailFiles(folder).next(NOW);
    try (TrailFile file = TrailFile.create(path)) {
      for (SortedSet<Long> keys : blocks) {
        ByteBuffer bytes = ByteBuffer.allocate(keys.size() * TrailBlock.KEY_BYTES);
        for (long key : keys) {
          bytes.put((byte) (key >>> 32)).putInt((int) key);
        }
        file.add(new TrailBlock.Bytes(NOW, NOW, 1, bytes.array(), new byte[8]));
      }
      file.commit();
    }
    TrailFile.finish(path);
    return path;
  }

  private static int[] blocksWith(List<SortedSet<Long>> blocks, long key, int before) {
    return IntStream.rangeClosed(1, blocks.size())
        .map(i -> blocks.size() + 1 - i)
        .filter(no -> no < before && blocks.get(no - 1).contains(key))
        .toArray();
  }

  /** Some of the keys are everywhere, some are the least and the highest, and most are anywhere. */
  @ParameterizedTest
  @CsvSource({"1,1,1", "2,3,5", "3,300,40", "4,2000,2", "5,40,500", "6,700,60"})
  void eachKeyIsFoundInAllItsBlocks(long seed, int many, int each) throws Exception {
    Random random = new Random(seed);
    long[] common = {0, KEYS - 1, random.nextLong(KEYS), random.nextLong(KEYS)};
    long near = random.nextLong(KEYS - 1000);
    List<SortedSet<Long>> blocks = new ArrayList<>();
    TreeSet<Long> asked = new TreeSet<>(List.of(1L, KEYS / 2, KEYS - 2));
    for (int i = 0; i < many; i++) {
      TreeSet<Long> keys = new TreeSet<>();
      for (int k = 0; k < each; k++) {
        keys.add(random.nextInt(4) == 0 ? near + random.nextInt(1000) : random.nextLong(KEYS));
      }
      keys.add(common[random.nextInt(common.length)]);
      asked.add(keys.first());
      asked.add(keys.last());
      asked.add(keys.first() + 1);
      blocks.add(keys);
    }
    for (long key : common) {
      asked.add(key);
    }
    try (KeyIndex index = KeyIndex.open(file(blocks))) {
      for (long key : asked) {
        int before = random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(many + 2);
        int[] all = blocksWith(blocks, key, before);
        assertArrayEquals(all, index.find(key, before, Integer.MAX_VALUE));
        int most = random.nextInt(all.length + 1);
        assertArrayEquals(IntStream.of(all).limit(most).toArray(), index.find(key, before, most));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 63, 64, 1000})
  void oneThatWasCutIsNone(int length) throws Exception {
    Path file =
        file(List.of(new TreeSet<>(IntStream.range(0, 500).asLongStream().boxed().toList())));
    try (RandomAccessFile index = new RandomAccessFile(KeyIndex.path(file).toFile(), "rw")) {
      index.setLength(length);
    }
    assertNull(KeyIndex.open(file));
  }

  @Test
  void oneWithAnotherBeginningIsNone() throws Exception {
    Path file = file(List.of(new TreeSet<>(List.of(1L, 2L))));
    for (int at = 0; at < 56; at++) {
      try (RandomAccessFile index = new RandomAccessFile(KeyIndex.path(file).toFile(), "rw")) {
        index.seek(at);
        int before = index.read();
        index.seek(at);
        index.write(before ^ 1);
        assertNull(KeyIndex.open(file));
        index.seek(at);
        index.write(before);
      }
    }
    KeyIndex whole = KeyIndex.open(file);
    assertNotNull(whole);
    whole.close();
  }

  @Test
  void withoutOneAllIsFoundAndItIsMadeAgain() throws Exception {
    List<TrailEntry> entries = IntStream.range(0, 300).mapToObj(TrailEntries::delivered).toList();
    Path path;
    try (WrittenTrail trail = new WrittenTrail(folder, NOW)) {
      trail.put(entries.toArray(TrailEntry[]::new));
      trail.finish();
    }
    path = new TrailFiles(folder).list().get(0).path();
    byte[] before = Files.readAllBytes(KeyIndex.path(path));
    Files.delete(KeyIndex.path(path));
    TrailQuery query = TrailQuery.all(TrailScope.ALL, 10).ofCall(TrailEntries.callId(200));
    TrailPage page = TrailSearch.offline(folder, query);
    assertEquals(List.of(entries.get(200)), page.entries());
    assertEquals(List.of(), page.notes());
    assertFalse(Files.exists(KeyIndex.path(path)), "who reads does not write");
    TrailFile.index(path);
    assertArrayEquals(before, Files.readAllBytes(KeyIndex.path(path)));
    assertTrue(new TrailFiles(folder).list().get(0).closed());
  }
}
