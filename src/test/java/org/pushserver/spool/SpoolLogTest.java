// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.failure;
import static org.pushserver.fake.Await.until;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is kept is left when the process is gone, and what is forgotten is not. */
@Timeout(60)
class SpoolLogTest {
  @TempDir Path state;

  private final HeardNews news = new HeardNews();
  private final List<SpoolLog> opened = new ArrayList<>();

  private Path folder() {
    return state.resolve("spool");
  }

  private SpoolLog open(long deadBytes) throws SpoolException {
    SpoolLog log = SpoolLog.open(folder(), Duration.ZERO, news, deadBytes);
    opened.add(log);
    return log;
  }

  private SpoolLog start() throws SpoolException {
    SpoolLog log = open(SpoolLog.DEAD_BYTES);
    log.start();
    return log;
  }

  @AfterEach
  void close() {
    opened.forEach(log -> await(log.close()));
  }

  private static Future<Void> keep(SpoolLog log, int number) {
    return log.append(SpoolVictim.id(number), () -> SpoolVictim.content(number, 300));
  }

  private static void forget(SpoolLog log, int number) {
    log.forget(SpoolVictim.id(number));
  }

  /** What is left, in its order, and whether it may have ended. */
  private static Map<Integer, Boolean> left(SpoolLog log) throws SpoolException {
    Map<Integer, Boolean> left = new LinkedHashMap<>();
    log.load(
        (id, content, mayHaveEnded) -> left.put(SpoolVictim.number(id, content), mayHaveEnded));
    return left;
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(folder())) {
      return all.map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".spool"))
          .sorted()
          .toList();
    }
  }

  @Test
  void whatIsNotForgottenIsLeftInTheOrderInWhichItWasKept() throws Exception {
    SpoolLog log = start();
    List<Future<Void>> kept = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      kept.add(keep(log, i));
    }
    for (Future<Void> one : kept) {
      await(one);
    }
    assertEquals(200, log.size());
    for (int i = 0; i < 200; i++) {
      if (i % 3 != 0) {
        forget(log, i);
      }
    }
    await(log.close());
    SpoolLog again = start();
    Map<Integer, Boolean> left = left(again);
    assertEquals(
        Stream.iterate(0, i -> i < 200, i -> i + 3).toList(), new ArrayList<>(left.keySet()));
    assertFalse(left.containsValue(true));
    assertEquals(List.of(), news.damage);
    // It stays until it is forgotten, however often the server starts.
    forget(again, 3);
    await(again.close());
    assertFalse(left(open(0)).containsKey(3));
  }

  @Test
  void whatEndsAtOnceNeverTouchesTheDisk() throws Exception {
    SpoolLog log = open(0);
    UUID id = SpoolVictim.id(1);
    Future<Void> kept =
        log.append(
            id,
            () -> {
              throw new IllegalStateException("asked for its bytes");
            });
    log.forget(id);
    assertTrue(kept.succeeded(), "it has ended: nobody waits for the disk");
    log.start();
    await(log.close());
    assertEquals(List.of(), files());
    assertEquals(Map.of(), left(open(0)));
  }

  @Test
  void nothingHappensWhenWhatWasNeverKeptIsForgotten() throws Exception {
    SpoolLog log = start();
    forget(log, 1);
    await(log.close());
    assertEquals(List.of(), files());
  }

  @Test
  void oneOfTheSameIdTakesThePlaceOfTheFormer() throws Exception {
    SpoolLog log = start();
    UUID id = new UUID(1, 1);
    await(log.append(id, () -> new byte[] {1}));
    Future<Void> second = log.append(id, () -> new byte[] {2});
    Future<Void> third = log.append(id, () -> new byte[] {3});
    await(second);
    await(third);
    assertEquals(1, log.size());
    await(log.close());
    List<byte[]> left = new ArrayList<>();
    SpoolLog again = start();
    again.load((one, content, mayHaveEnded) -> left.add(content));
    assertEquals(1, left.size());
    assertArrayEquals(new byte[] {3}, left.get(0));
    again.forget(id);
    await(again.close());
    assertEquals(Map.of(), left(open(0)));
  }

  /** As a mark is that is written behind each that is forgotten. */
  @Test
  void oneIdMayBeKeptAnewAnyNumberOfTimesWhileTheDiskIsSlow() throws Exception {
    SpoolLog log = open(0);
    List<Future<Void>> kept = new ArrayList<>();
    for (int i = 0; i < 50_000; i++) {
      kept.add(keep(log, 1));
    }
    log.start();
    await(kept.get(0));
    until(() -> kept.stream().allMatch(Future::succeeded), log::problem);
    assertEquals(1, log.size());
  }

  @Test
  void whatHasNoBytesHurtsNobodyElse() throws Exception {
    SpoolLog log = open(0);
    Future<Void> wrong =
        log.append(
            new UUID(7, 7),
            () -> {
              throw new IllegalArgumentException("too long");
            });
    Future<Void> right = keep(log, 1);
    log.start();
    assertEquals("this push cannot be kept: too long", failure(wrong).getMessage());
    await(right);
    assertNull(log.problem());
    assertEquals(List.of(), news.troubles);
  }

  @Test
  void longRecordsAreKeptLikeShortOnes() throws Exception {
    SpoolLog log = start();
    await(log.append(SpoolVictim.id(5), () -> SpoolVictim.content(5, 9 << 20)));
    await(keep(log, 6));
    await(log.close());
    assertEquals(List.of(5, 6), new ArrayList<>(left(open(0)).keySet()));
  }

  /** Some live for hours; all that has ended since must not stay because of them. */
  @Test
  void whatLivesLongIsCarriedOnAndTheRestGoes() throws Exception {
    SpoolLog log = open(1 << 20);
    log.start();
    for (int i = 0; i < 50; i++) {
      await(keep(log, i));
    }
    for (int i = 100; i < 500; i++) {
      int number = i;
      await(log.append(SpoolVictim.id(i), () -> SpoolVictim.content(number, 100_000)));
      forget(log, i);
      if (i == 200) {
        await(keep(log, 50));
      }
    }
    until(() -> log.bytes() < 18 << 20, () -> log.bytes() + " bytes");
    assertEquals(51, log.size());
    for (int i = 0; i < 50; i += 2) {
      forget(log, i);
    }
    await(log.close());
    List<Integer> odd = new ArrayList<>(Stream.iterate(1, i -> i < 50, i -> i + 2).toList());
    odd.add(50);
    assertEquals(odd, new ArrayList<>(left(open(0)).keySet()));
    assertEquals(List.of(), news.damage);
  }

  @Test
  void whenNothingIsLeftNoFileIs() throws Exception {
    SpoolLog log = start();
    await(keep(log, 1));
    assertEquals(1, files().size());
    await(log.close());
    SpoolLog again = start();
    forget(again, 1);
    await(keep(again, 2));
    forget(again, 2);
    await(again.close());
    SpoolLog last = start();
    await(last.close());
    assertEquals(List.of(), files());
  }

  @Test
  void onlyTheServersUserReadsIt() throws Exception {
    await(keep(start(), 1));
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())));
    try (Stream<Path> all = Files.list(folder())) {
      for (Path file : all.toList()) {
        assertEquals(
            "rw-------",
            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
            file::toString);
      }
    }
  }

  @Test
  void aSecondServerDoesNotGetTheFolderUntilTheFirstGivesItUp() throws Exception {
    SpoolLog first = start();
    await(keep(first, 1));
    SpoolException refused = assertThrows(SpoolException.class, () -> open(0));
    assertTrue(refused.getMessage().startsWith("another server has the spool in " + folder()));
    Future<Void> closed = first.close();
    SpoolLog second = SpoolLog.open(folder(), Duration.ofSeconds(30), news);
    opened.add(second);
    await(closed);
    assertEquals(List.of(1), new ArrayList<>(left(second).keySet()));
    assertTrue(failure(keep(first, 2)).getMessage().contains("closed"));
  }

  private void isRefused(String words) {
    SpoolException refused = assertThrows(SpoolException.class, () -> open(0));
    assertTrue(refused.getMessage().contains(words), refused.getMessage());
  }

  @Test
  void aSpoolOfANewerVersionIsLeftAlone() throws Exception {
    await(keep(start(), 1));
    close();
    Path format = folder().resolve("format");
    String ours = Files.readString(format);
    Files.writeString(format, ours.replace("spool 1 ", "spool 2 "));
    isRefused("was written by a newer Pushserver; install that again");
    // Of two lines one is enough.
    Files.writeString(format, "\u0000" + ours.substring(1));
    assertEquals(List.of(1), new ArrayList<>(left(open(0)).keySet()));
  }

  @Test
  void withoutItsFormatASpoolIsSetAsideAndTheServerStartsWithANewOne() throws Exception {
    Path format = folder().resolve("format");
    for (String left : List.of("", "gone")) {
      await(keep(start(), 1));
      close();
      opened.clear();
      Files.delete(format);
      if (left.isEmpty()) {
        Files.writeString(format, left);
      }
      news.damage.clear();
      assertEquals(Map.of(), left(open(0)));
      assertEquals(1, news.damage.size());
      assertTrue(
          news.damage
              .get(0)
              .endsWith(
                  "and is not sent; 1 files have names with .damaged at their end from now on"),
          news.damage.get(0));
      close();
      assertEquals(List.of(), files());
    }
    assertTrue(Files.exists(folder().resolve("000000001.spool.damaged2")));
    news.damage.clear();
    await(keep(start(), 2));
    assertEquals(List.of(), news.damage);
  }

  @Test
  void aFolderThatCannotBeMadeIsSaid() throws Exception {
    Files.writeString(folder(), "a file");
    SpoolException refused = assertThrows(SpoolException.class, () -> open(0));
    assertTrue(refused.getMessage().contains(folder().toString()), refused.getMessage());
  }

  private static Supplier<byte[]> hanging(int number, CountDownLatch goesOn) {
    return () -> {
      try {
        goesOn.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return SpoolVictim.content(number, 300);
    };
  }

  @Test
  void whoeverWaitsForADiskThatHangsIsToldAndItGoesOnWhenThatAnswers() throws Exception {
    CountDownLatch answers = new CountDownLatch(1);
    SpoolLog log = start();
    SpoolLog ends = SpoolLog.open(state.resolve("ends"), Duration.ZERO, new HeardNews());
    opened.add(ends);
    ends.start();
    try {
      Future<Void> neverEnded = ends.append(SpoolVictim.id(1), hanging(1, answers));
      Future<Void> written = log.append(SpoolVictim.id(1), hanging(1, answers));
      Future<Void> closed = ends.close();
      Future<Void> gathered = keep(log, 2);
      String problem = "the disk of " + folder() + " does not answer";
      assertEquals(problem, failure(written).getMessage());
      assertEquals(problem, failure(gathered).getMessage());
      assertEquals(problem, log.problem());
      assertEquals(List.of(problem), news.troubles);
      assertTrue(keep(log, 3).failed(), "it is known: nobody waits");
      forget(log, 1);
      forget(log, 2);
      await(closed);
      assertTrue(neverEnded.failed());
    } finally {
      answers.countDown();
    }
    until(() -> log.problem() == null, log::problem);
    await(keep(log, 4));
    assertEquals("working", news.troubles.get(1));
    await(log.close());
    assertEquals(List.of(4), new ArrayList<>(left(open(0)).keySet()));
  }

  @Test
  void aFolderThatGoesIsATroubleThatIsSaidOnce() throws Exception {
    SpoolLog log = start();
    await(keep(log, 1));
    forget(log, 1);
    Path away = state.resolve("away");
    Files.move(folder(), away);
    // The file that is open goes on to be written: the next one cannot be made.
    List<Future<Void>> kept = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      int number = i;
      kept.add(log.append(SpoolVictim.id(i), () -> SpoolVictim.content(number, 1 << 20)));
    }
    until(() -> kept.stream().allMatch(Future::isComplete), log::problem);
    assertTrue(kept.stream().anyMatch(Future::failed));
    assertEquals(1, news.troubles.size());
    assertTrue(log.problem().contains("has gone"), log::problem);
    assertTrue(keep(log, 99).failed(), "it is known: nobody waits");
    Files.move(away, folder());
    until(() -> log.problem() == null, log::problem);
    await(keep(log, 100));
    assertEquals("working", news.troubles.get(1));
  }
}
