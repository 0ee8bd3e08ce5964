// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.failure;
import static org.pushserver.fake.Await.until;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.Command;
import org.pushserver.fake.Programs;

/** What a disk does that fails: nothing is promised then, and nothing that was promised suffers. */
@Timeout(120)
class SpoolFaultyDiskTest {
  private static final int LARGE = 1 << 20;

  /** A segment that has so many is followed by a new one. */
  private static final int SEGMENT = 8;

  @TempDir Path state;

  private final HeardNews news = new HeardNews();
  private final FailingDisk disk = new FailingDisk();
  private SpoolLog log;

  private Path folder() {
    return state.resolve("spool");
  }

  private void start() throws SpoolException {
    // Nothing may be dead beside what lives, so that what lives is carried on soon.
    log = SpoolLog.open(folder(), Duration.ofSeconds(10), news, 0, disk);
    log.start();
  }

  @AfterEach
  void close() {
    if (log != null) {
      await(log.close());
    }
  }

  private Future<Void> keep(int number, int size) {
    return log.append(SpoolVictim.id(number), () -> SpoolVictim.content(number, size));
  }

  private Map<Integer, Boolean> leftAfterwards() throws SpoolException {
    await(log.close());
    SpoolLog next = SpoolLog.open(folder(), Duration.ofSeconds(10), news);
    try {
      Map<Integer, Boolean> left = new TreeMap<>();
      next.load(
          (id, content, mayHaveEnded) -> left.put(SpoolVictim.number(id, content), mayHaveEnded));
      return left;
    } finally {
      await(next.close());
    }
  }

  private List<String> segments() throws IOException {
    try (Stream<Path> all = Files.list(folder())) {
      return all.map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".spool"))
          .sorted()
          .toList();
    }
  }

  /** Two segments, of which nothing but the first record lives. */
  private void fill() throws SpoolException {
    start();
    for (int number = 0; number < SEGMENT; number++) {
      await(keep(number, LARGE));
    }
    await(keep(SEGMENT, LARGE));
    assertEquals(2, log.size() - SEGMENT + 1);
  }

  private void forget(int from) {
    for (int number = from; number < SEGMENT; number++) {
      log.forget(SpoolVictim.id(number));
    }
  }

  @Test
  void aWriteThatFailsIsNoPromiseAndEachTryLeavesNothingBehind() throws Exception {
    start();
    await(keep(1, 300));
    disk.failsToWrite = true;
    String problem = "the disk of " + folder() + " failed (" + FailingDisk.ERROR + "); look at it";
    assertEquals(problem, failure(keep(2, 300)).getMessage());
    log.forget(SpoolVictim.id(2));
    assertEquals(problem, log.problem());
    int begun = disk.begun.get();
    until(() -> disk.begun.get() > begun + 1, () -> "it is not tried again");
    until(() -> segments().size() <= 2, () -> "files are left: " + listed());
    assertEquals("000000001.spool", segments().get(0));
    disk.failsToWrite = false;
    until(() -> log.problem() == null, log::problem);
    await(keep(3, 300));
    assertEquals(List.of(problem, "working"), news.troubles);
    assertEquals(Map.of(1, false, 3, false), leftAfterwards());
    assertEquals(List.of(), news.damage);
  }

  private String listed() {
    try {
      return segments().toString();
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void whatTheDiskDidNotConfirmIsNoPromiseAndDoesNotComeBack() throws Exception {
    start();
    await(keep(1, 300));
    disk.failsToForce = true;
    assertTrue(failure(keep(2, 300)).getMessage().contains(FailingDisk.ERROR));
    log.forget(SpoolVictim.id(2));
    disk.failsToForce = false;
    until(() -> log.problem() == null, log::problem);
    await(keep(3, 300));
    assertEquals(Map.of(1, false, 3, false), leftAfterwards());
    assertEquals(List.of(), news.damage);
  }

  @Test
  void aFileThatSomebodyDeletesKeepsNothingFromBeingKept() throws Exception {
    fill();
    Files.delete(folder().resolve("000000001.spool"));
    forget(1);
    await(keep(100, 300));
    until(() -> !news.damage.isEmpty(), () -> "it is not said");
    await(keep(101, 300));
    assertNull(log.problem());
    assertEquals(1, news.damage.size());
    assertTrue(news.damage.get(0).contains("000000001.spool has gone"), news.damage.get(0));
    assertEquals(Map.of(SEGMENT, false, 100, false, 101, false), leftAfterwards());
    assertEquals(List.of(), news.troubles);
  }

  @Test
  void aFileThatCannotBeReadKeepsNothingFromBeingKept() throws Exception {
    Path unreadable = Path.of("/proc/self/mem");
    assumeTrue(Files.isReadable(unreadable), "no file here fails when it is read");
    fill();
    Path first = folder().resolve("000000001.spool");
    Files.delete(first);
    Path unused = Files.createSymbolicLink(first, unreadable);
    forget(1);
    await(keep(100, 300));
    until(() -> !news.damage.isEmpty(), () -> "it is not said");
    await(keep(101, 300));
    assertNull(log.problem());
    assertTrue(news.damage.get(0).contains("this is damaged now"), news.damage.get(0));
    assertEquals(Map.of(SEGMENT, false, 100, false, 101, false), leftAfterwards());
  }

  @Test
  void aFileThatCannotBeDeletedIsSaidOnceAndGoesWhenItCan() throws Exception {
    fill();
    Path first = folder().resolve("000000001.spool");
    Files.delete(first);
    Files.createDirectories(first.resolve("in-the-way"));
    forget(0);
    await(keep(100, 300));
    until(() -> !news.damage.isEmpty(), () -> "it is not said");
    await(keep(101, 300));
    assertNull(log.problem());
    Files.delete(first.resolve("in-the-way"));
    until(() -> !Files.exists(first), () -> "it is still there");
    await(keep(102, 300));
    assertEquals(1, news.damage.size(), news.damage::toString);
    assertTrue(news.damage.get(0).contains("000000001.spool is needed no more"));
    assertEquals(List.of(), news.troubles);
    assertEquals(Map.of(SEGMENT, false, 100, false, 101, false, 102, false), leftAfterwards());
  }

  @Test
  void aDiskThatHangsKeepsNobodyFromSayingSoAndTheFolderIsFreeAfterwards() throws Exception {
    assumeTrue(Programs.areHere("mkfifo"), "no file here is slow to open");
    Path format = Files.createDirectories(folder()).resolve("format");
    assertEquals(0, Command.of("mkfifo", format.toString()).run().code());
    SpoolException refused =
        assertThrows(
            SpoolException.class,
            () -> SpoolStore.open(folder(), Duration.ZERO, news, 0, Duration.ofMillis(100)));
    assertTrue(
        refused.getMessage().startsWith("the disk of " + folder() + " has not answered for"),
        refused.getMessage());
    assertFalse(refused.isHeld());
    // Now it answers, when nobody waits for it any more.
    Files.newOutputStream(format).close();
    log = SpoolLog.open(folder(), Duration.ofSeconds(20), news);
  }
}
