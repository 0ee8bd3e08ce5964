// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a power failure or a bad disk makes of the files: what is handed on is as it was kept,
 * nothing that is whole is lost, and what may have ended is never handed on without a word.
 */
@Timeout(120)
class SpoolDamageTest {
  private static final int RECORDS = 60;

  /** So many blocks, of each kind and size, are damaged one after the other. */
  private static final int BLOCKS = 60;

  @TempDir Path state;

  /** A record of the log: that a push is kept, or that some are forgotten. */
  private record Written(int from, int to, int kept, Set<Integer> forgotten) {
    boolean isWhole(int damagedFrom, int damagedTo) {
      return to <= damagedFrom || from >= damagedTo;
    }
  }

  private final List<Written> written = new ArrayList<>();
  private final HeardNews news = new HeardNews();
  private Path folder;
  private Path segment;
  private byte[] whole;

  @BeforeEach
  void write() throws Exception {
    folder = state.resolve("spool");
    Random random = new Random(1);
    try (SpoolFolder claimed = SpoolFolder.claim(folder, Duration.ZERO, file -> file);
        FileChannel file = claimed.create(1)) {
      SegmentWriter writer = new SegmentWriter(1, file, claimed.magic(), SegmentWriter.buffer());
      Set<Integer> live = new TreeSet<>();
      for (int i = 0; i < RECORDS; i++) {
        int from =
            writer.keep(SpoolVictim.id(i), i, SpoolVictim.content(i, random.nextInt(500) + 4));
        written.add(new Written(from, writer.position(), i, Set.of()));
        live.add(i);
        if (random.nextInt(3) == 0) {
          Set<Integer> gone = new TreeSet<>(live);
          gone.removeIf(one -> random.nextInt(3) != 0);
          live.removeAll(gone);
          from = writer.position();
          writer.forget(gone.stream().map(SpoolVictim::id).toList());
          written.add(new Written(from, writer.position(), -1, gone));
        }
      }
      writer.force();
      segment = claimed.segment(1);
    }
    whole = Files.readAllBytes(segment);
  }

  private Map<Integer, Boolean> left() throws SpoolException {
    news.damage.clear();
    SpoolLog log = SpoolLog.open(folder, Duration.ZERO, news);
    try {
      Map<Integer, Boolean> left = new LinkedHashMap<>();
      log.load(
          (id, content, mayHaveEnded) -> left.put(SpoolVictim.number(id, content), mayHaveEnded));
      return left;
    } finally {
      await(log.close());
    }
  }

  /** What would be left of the records that are whole. */
  private Set<Integer> expected(int from, int to) {
    Set<Integer> live = new TreeSet<>();
    for (Written one : written) {
      if (one.isWhole(from, to)) {
        if (one.kept() >= 0) {
          live.add(one.kept());
        }
        live.removeAll(one.forgotten());
      }
    }
    return live;
  }

  private void isAsItShould(byte[] damaged, int from, int to, String what) throws Exception {
    Files.write(segment, damaged);
    Map<Integer, Boolean> left = left();
    assertEquals(expected(from, to), new TreeSet<>(left.keySet()), what);
    Set<Integer> alive = expected(0, 0);
    left.forEach((number, doubt) -> assertTrue(doubt || alive.contains(number), what));
    if (!news.damage.isEmpty()) {
      assertTrue(news.damage.get(0).startsWith(segment + ", from byte "), news.damage.get(0));
    }
  }

  @Test
  void undamagedItIsWhole() throws Exception {
    Map<Integer, Boolean> left = left();
    assertEquals(expected(0, 0), new TreeSet<>(left.keySet()));
    assertFalse(left.containsValue(true));
    assertEquals(List.of(), news.damage);
  }

  /**
   * Nothing behind the cut was promised, so nothing is doubted, unless something was just being
   * forgotten there; and it is said once.
   */
  @Test
  void whateverIsCutOffTheRestIsThere() throws Exception {
    Random random = new Random(2);
    for (int at = whole.length; at > 0; at -= 1 + random.nextInt(90)) {
      Files.write(segment, Arrays.copyOf(whole, at));
      Map<Integer, Boolean> left = left();
      assertEquals(expected(at, whole.length), new TreeSet<>(left.keySet()), "cut at " + at);
      int cut = at;
      boolean mayForget =
          written.stream()
              .anyMatch(
                  one -> one.kept() < 0 && one.from() + LogRecord.BODY <= cut && one.to() > cut);
      assertEquals(mayForget, left.containsValue(true), "cut at " + at);
      boolean isBetween = written.stream().anyMatch(one -> one.to() == cut);
      assertEquals(isBetween ? 0 : 1, news.damage.size(), "cut at " + at);
      if (!isBetween) {
        assertEquals(!mayForget, news.damage.get(0).contains("is not whole"), news.damage.get(0));
        Map<Integer, Boolean> unused = left();
        assertEquals(List.of(), news.damage);
      }
    }
  }

  @Test
  void aFlippedByteCostsTheRecordThatItIsInAndNoOther() throws Exception {
    Random random = new Random(3);
    for (int at = 0; at < whole.length; at += 1 + random.nextInt(150)) {
      byte[] damaged = whole.clone();
      damaged[at] = (byte) (damaged[at] ^ 1 << random.nextInt(8));
      isAsItShould(damaged, at, at + 1, "flipped at " + at);
      assertEquals(1, news.damage.size());
    }
  }

  /** The pages of a file come to the disk in any order: behind one that did not, others are. */
  @Test
  void tornPagesCostWhatIsInThem() throws Exception {
    Random random = new Random(4);
    for (int i = 0; i < BLOCKS; i++) {
      int block = i % 2 == 0 ? 512 : 4096;
      int from = random.nextInt((whole.length + block - 1) / block) * block;
      int to = Math.min(whole.length, from + block);
      byte[] damaged = whole.clone();
      if (i % 3 == 0) {
        Arrays.fill(damaged, from, to, (byte) 0);
      } else {
        byte[] garbage = new byte[to - from];
        random.nextBytes(garbage);
        System.arraycopy(garbage, 0, damaged, from, garbage.length);
      }
      isAsItShould(damaged, from, to, "block of " + block + " at " + from);
    }
  }

  @Test
  void whatMayHaveBeenForgottenInADamagedPlaceIsSaidToBeDoubtful() throws Exception {
    Written forgotten =
        written.stream()
            .filter(one -> one.forgotten().size() > 1 && one.to() < whole.length / 2)
            .findFirst()
            .orElseThrow();
    byte[] damaged = whole.clone();
    damaged[forgotten.to() - 1] ^= 1;
    Files.write(segment, damaged);
    Map<Integer, Boolean> left = left();
    forgotten.forgotten().forEach(back -> assertEquals(true, left.get(back)));
    long doubted = left.values().stream().filter(one -> one).count();
    assertTrue(doubted < left.size(), "what was kept later cannot have been forgotten there");
    assertTrue(
        news.damage
            .get(0)
            .contains("may have ended already: each of them may reach its phone twice"),
        news.damage.get(0));
  }

  @Test
  void aFileThatHasGoneIsSaid() throws Exception {
    for (int number = 2; number <= 3; number++) {
      try (SpoolFolder claimed = SpoolFolder.claim(folder, Duration.ZERO, file -> file);
          FileChannel file = claimed.create(number)) {
        SegmentWriter writer =
            new SegmentWriter(number, file, claimed.magic(), SegmentWriter.buffer());
        int unused =
            writer.keep(
                SpoolVictim.id(1000 + number),
                1000 + number,
                SpoolVictim.content(1000 + number, 100));
        writer.force();
      }
    }
    Files.delete(folder.resolve("000000002.spool"));
    Map<Integer, Boolean> left = left();
    assertEquals(false, left.get(1003));
    assertFalse(left.containsKey(1002));
    assertTrue(left.get(expected(0, 0).iterator().next()));
    assertTrue(news.damage.get(0).contains("000000003.spool are gone"), news.damage.get(0));
  }

  @Test
  void aFileThatCannotBeReadIsSetAsideAndTheRestGoesOn() throws Exception {
    Path unreadable = folder.resolve("000000002.spool");
    Files.createDirectory(unreadable);
    Map<Integer, Boolean> left = left();
    assertEquals(expected(0, 0), new TreeSet<>(left.keySet()));
    assertFalse(left.containsValue(false), "what came first may have ended in that");
    assertTrue(
        news.damage.get(0).startsWith(unreadable + " cannot be read (Is a directory), and is "),
        news.damage.get(0));
    assertTrue(Files.exists(folder.resolve("000000002.spool.damaged")));
    Map<Integer, Boolean> again = left();
    assertEquals(left.keySet(), again.keySet());
    assertEquals(List.of(), news.damage);
  }

  /** A record of another spool, sent as the text of a push, is not taken for one of this. */
  @Test
  void whatStandsInARecordIsNoRecord() throws IOException, SpoolException {
    try (SpoolFolder claimed =
        SpoolFolder.claim(state.resolve("other"), Duration.ZERO, file -> file)) {
      byte[] foreign = new byte[LogRecord.keptLength(8)];
      LogRecord.writeKept(
          java.nio.ByteBuffer.wrap(foreign), claimed.magic(), SpoolVictim.id(7), 7, new byte[8]);
      byte[] damaged = Arrays.copyOf(whole, whole.length + foreign.length);
      System.arraycopy(foreign, 0, damaged, whole.length, foreign.length);
      Files.write(segment, damaged);
      assertEquals(expected(0, 0), new TreeSet<>(left().keySet()));
    }
  }
}
