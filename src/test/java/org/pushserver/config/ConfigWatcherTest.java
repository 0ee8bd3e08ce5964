// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import ch.qos.logback.classic.Level;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.ManualTime;

@Timeout(30)
class ConfigWatcherTest {
  private static final FileTime OLD = FileTime.fromMillis(ManualTime.START);

  @TempDir Path directory;
  private final ManualTime time = new ManualTime();
  private final AtomicInteger told = new AtomicInteger();
  private final List<Path> watched = new CopyOnWriteArrayList<>();
  private Vertx vertx;
  private ConfigWatcher watcher;
  private Path ini;
  private Path credentials;
  private long untilNext;

  @BeforeEach
  void layOut() throws Exception {
    vertx = Vertx.vertx();
    ini = write("general.ini", "one");
    credentials = Files.createDirectory(directory.resolve("credentials"));
    write("credentials/a.key", "one");
    watched.addAll(List.of(ini, credentials));
    watcher =
        new ConfigWatcher(
            vertx, time, () -> new ArrayList<>(watched), asked -> told.incrementAndGet());
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @CanIgnoreReturnValue
  private Path write(String name, String text) throws Exception {
    return Files.writeString(directory.resolve(name), text);
  }

  /** Writes a file beside and moves it over the other, as editors do. */
  private void replace(String name, String text) throws Exception {
    Path fresh = write(name + ".new", text);
    Files.setLastModifiedTime(fresh, OLD);
    Files.move(
        fresh,
        directory.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private void link(String name, String target) throws Exception {
    Path fresh = directory.resolve(name + ".new");
    Files.createSymbolicLink(fresh, Path.of(target));
    Files.move(
        fresh,
        directory.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private void start() {
    Future<Long> next = time.untilTimer(delay -> true);
    await(watcher.start());
    untilNext = await(next);
  }

  /** Lets the next look come, and waits for its end. */
  private void look() throws Exception {
    Future<Long> next = time.untilTimer(delay -> true);
    time.advance(Duration.ofMillis(untilNext));
    untilNext = await(next);
  }

  /** What is told by a look that notices, and the one that finds all at rest. */
  private int toldByTwoLooks() throws Exception {
    told.set(0);
    look();
    assertEquals(0, told.get());
    assertEquals(1_000, untilNext);
    look();
    assertEquals(2_000, untilNext);
    return told.get();
  }

  @Test
  void nothingIsToldWhileNothingChanges() throws Exception {
    start();
    Files.setLastModifiedTime(ini, OLD);
    for (int i = 0; i < 40; i++) {
      look();
      assertEquals(2_000, untilNext);
    }
    assertEquals(0, told.get());
  }

  @Test
  void aFileWrittenAnewIsToldOnceItRests() throws Exception {
    start();
    write("general.ini", "another");
    assertEquals(1, toldByTwoLooks());
    look();
    assertEquals(1, told.get());
  }

  @Test
  void aFileThatIsStillBeingWrittenIsToldOnce() throws Exception {
    start();
    write("general.ini", "ha");
    look();
    write("general.ini", "half, and the ot");
    look();
    write("general.ini", "half, and the other half");
    assertEquals(0, told.get());
    assertEquals(1, toldByTwoLooks());
  }

  @Test
  void whatIsTakenBackBeforeItRestsIsNotTold() throws Exception {
    start();
    write("general.ini", "another");
    look();
    assertEquals(1_000, untilNext);
    write("general.ini", "one");
    look();
    look();
    assertEquals(0, told.get());
    assertEquals(2_000, untilNext);
  }

  @Test
  void anEditThatLeavesSizeAndDateIsToldWithinAMinute() throws Exception {
    Files.setLastModifiedTime(ini, OLD);
    start();
    write("general.ini", "two");
    Files.setLastModifiedTime(ini, OLD);
    for (int i = 0; i < 29; i++) {
      look(); // does not read it again
      assertEquals(2_000, untilNext);
    }
    assertEquals(1, toldByTwoLooks());
  }

  @Test
  void aFileThatReplacesAnotherIsToldThoughSizeAndDateAreTheSame() throws Exception {
    Files.setLastModifiedTime(ini, OLD);
    start();
    replace("general.ini", "two");
    assertEquals(1, toldByTwoLooks());
  }

  @Test
  void aFileThatReplacesAnotherWithTheSameContentIsNotTold() throws Exception {
    start();
    replace("general.ini", "one");
    look();
    assertEquals(2_000, untilNext);
    assertEquals(0, told.get());
  }

  @Test
  void aLinkThatIsTurnedIsTold() throws Exception {
    Files.createDirectory(directory.resolve("archive"));
    Files.setLastModifiedTime(write("archive/tls1.pem", "one"), OLD);
    Files.setLastModifiedTime(write("archive/tls2.pem", "two"), OLD);
    link("tls.pem", "archive/tls1.pem");
    watched.add(directory.resolve("tls.pem"));
    start();
    link("tls.pem", "archive/tls2.pem");
    assertEquals(1, toldByTwoLooks());
  }

  @Test
  void generationsOfKubernetesAreToldOnceAndOnlyWhenTheyDiffer() throws Exception {
    Path secrets = Files.createDirectory(directory.resolve("secrets"));
    for (String generation : List.of("..2026_1", "..2026_2", "..2026_3")) {
      Files.createDirectory(secrets.resolve(generation));
      write("secrets/" + generation + "/key", generation.equals("..2026_3") ? "two" : "one");
    }
    link("secrets/..data", "..2026_1");
    link("secrets/key", "..data/key");
    watched.add(secrets);
    start();
    link("secrets/..data", "..2026_2");
    look();
    assertEquals(2_000, untilNext);
    link("secrets/..data", "..2026_3");
    assertEquals(1, toldByTwoLooks());
  }

  @Test
  void aFileThatGoesAndComesBackIsToldEachTime() throws Exception {
    start();
    Files.delete(ini);
    assertEquals(1, toldByTwoLooks());
    write("general.ini", "one");
    assertEquals(1, toldByTwoLooks());
  }

  @Test
  void aFolderThatComesIsTold() throws Exception {
    watched.add(directory.resolve("pns"));
    start();
    Files.createDirectory(directory.resolve("pns"));
    assertEquals(1, toldByTwoLooks());
    Files.createDirectory(directory.resolve("pns/deep"));
    write("pns/deep/My.java", "class My {}");
    assertEquals(1, toldByTwoLooks());
  }

  @Test
  void whatEditorsLeaveBehindIsNotLookedAtUnlessNamed() throws Exception {
    watched.add(directory.resolve("credentials/.hidden.key"));
    start();
    write("credentials/.hidden.key", "x");
    assertEquals(1, toldByTwoLooks());
    told.set(0);
    write("credentials/.a.key.swp", "x");
    write("credentials/a.key~", "x");
    write("credentials/#a.key#", "x");
    look();
    assertEquals(2_000, untilNext);
    assertEquals(0, told.get());
  }

  /** The superuser reads all the same; then nothing has changed. */
  @Test
  void aFileThatMayNotBeReadAnyMoreIsTold() throws Exception {
    start();
    Files.setPosixFilePermissions(ini, PosixFilePermissions.fromString("---------"));
    look();
    look();
    assertEquals(Files.isReadable(ini) ? 0 : 1, told.get());
  }

  @Test
  void aLinkThatLeadsNowhereIsLikeAMissingFile() throws Exception {
    start();
    link("general.ini", "general.ini");
    assertEquals(1, toldByTwoLooks());
    Files.delete(ini);
    look();
    assertEquals(2_000, untilNext);
  }

  @Test
  void filesThatNeverRestAreToldAllTheSame() throws Exception {
    start();
    for (int i = 0; i < 29; i++) {
      write("general.ini", "x".repeat(i));
      look();
    }
    assertEquals(0, told.get());
    write("general.ini", "and on");
    look();
    assertEquals(1, told.get());
  }

  @Test
  void whoAsksIsToldAtOnceAndWithoutTrustInDates() throws Exception {
    Files.setLastModifiedTime(ini, OLD);
    start();
    write("general.ini", "two");
    Files.setLastModifiedTime(ini, OLD);
    assertTrue(await(watcher.checkNow()));
    assertEquals(1, told.get());
    assertFalse(await(watcher.checkNow()));
    look();
    look();
    assertEquals(1, told.get());
  }

  @Test
  void anotherListOfPathsIsAChange() throws Exception {
    start();
    watched.add(write("applications.ini", "new"));
    assertEquals(1, toldByTwoLooks());
  }

  @Test
  void aFailureDoesNotEndWatching() throws Exception {
    start();
    watched.add(null);
    try (LogTrail log = new LogTrail(ConfigWatcher.class.getName())) {
      look();
      look();
      assertEquals(1, log.lines(Level.ERROR).size(), () -> log.lines().toString());
      watched.remove(null);
      write("general.ini", "another");
      assertEquals(1, toldByTwoLooks());
      assertEquals("changed files can be looked for again", log.lines(Level.INFO).get(0));
    }
  }

  @Test
  void onceClosedItTellsNothing() throws Exception {
    start();
    write("general.ini", "another");
    look();
    await(watcher.close());
    assertEquals(0, time.pending());
    assertFalse(await(watcher.checkNow()));
    assertEquals(0, told.get());
  }
}
