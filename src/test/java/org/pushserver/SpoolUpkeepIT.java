// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.until;

import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.audit.PushLog;
import org.pushserver.config.Overrides;
import org.pushserver.config.Settings;
import org.pushserver.config.SettingsReader;
import org.pushserver.dispatch.Fleet;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.SmallDisk;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.queue.KeptPush;
import org.pushserver.queue.QueueMemory;
import org.pushserver.queue.RepeatGuard;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.SamplePush;
import org.pushserver.spool.SpoolException;
import org.pushserver.spool.SpoolNews;
import org.pushserver.spool.SpoolStore;

/** What becomes of what former servers have left, in one folder or the other. */
@Timeout(120)
class SpoolUpkeepIT {
  private static final SpoolNews NO_NEWS =
      new SpoolNews() {
        @Override
        public void damaged(String words) {
          throw new AssertionError(words);
        }

        @Override
        public void failing(String problem) {
          throw new AssertionError(problem);
        }

        @Override
        public void working() {}
      };

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final ManualTime time = new ManualTime(SamplePush.BORN);
  private final LogTrail log = new LogTrail("org.pushserver");
  private final List<SpoolUpkeep> opened = new ArrayList<>();
  private Settings settings;

  @BeforeEach
  void configure() throws Exception {
    Files.writeString(
        directory.resolve("general.ini"),
        "[server]\nspool = yes\nstate_dir = " + directory.resolve("state") + "\n");
    Files.writeString(directory.resolve("applications.ini"), "");
    settings = await(new SettingsReader(vertx).read(Overrides.directory(directory)));
  }

  @AfterEach
  void close() {
    opened.forEach(one -> await(one.close()));
    await(vertx.close());
    log.close();
  }

  private Path folder(String name) {
    return directory.resolve("state").resolve("spool").resolve(name);
  }

  private SpoolStore open(String name) throws SpoolException {
    return SpoolStore.open(folder(name), Duration.ofSeconds(1), NO_NEWS, time.now());
  }

  /** Whether it is nobody's, and nothing is in it. */
  private boolean isEmpty(String name) {
    try {
      SpoolStore there = open(name);
      await(there.close());
      return there.replayed() == 0;
    } catch (SpoolException e) {
      return false;
    }
  }

  private void leave(SpoolStore in, Push... pushes) {
    for (Push push : pushes) {
      await(in.keepLonger(new KeptPush(push, 1, false)));
    }
    await(in.close());
  }

  private static Push push() {
    return SamplePush.of(Event.MESSAGE).push();
  }

  /** One that outlives all that the time is set forward while the disk takes its own. */
  private static Push lasting() {
    Push push = push();
    return new Push(
        push.id(),
        push.app(),
        push.device(),
        push.event(),
        push.callId(),
        push.details(),
        push.bornAt(),
        push.bornAt() + Duration.ofDays(30).toMillis());
  }

  private SpoolUpkeep upkeep(boolean takesOver) throws ConfigException {
    SpoolUpkeep upkeep = SpoolUpkeep.open(vertx, time, settings, takesOver);
    opened.add(upkeep);
    return upkeep;
  }

  private void watch(SpoolUpkeep upkeep) {
    upkeep.watch(
        new Fleet(
            vertx,
            time,
            new PushLog(time),
            Duration.ofSeconds(1),
            new QueueMemory(Long.MAX_VALUE),
            upkeep.store(),
            RepeatGuard.NEVER,
            "pushserver.results"));
  }

  /** Until the next look, and the one after it. */
  private void untilLooked(Callable<Boolean> condition) throws Exception {
    until(
        () -> {
          if (time.pending() > 0) {
            await(time.advance(Duration.ofSeconds(1)));
          }
          return condition.call();
        },
        () -> String.join("\n", log.lines()));
  }

  @Test
  void whatCannotBeTakenOverStaysAndIsTakenOverWhenThereIsRoom() throws Exception {
    leave(open("b"), lasting());
    try (SmallDisk disk = SmallDisk.at(folder("a"), "1m")) {
      await(open("a").close());
      Path filler = disk.fill();
      SpoolUpkeep upkeep = upkeep(false);
      String words = "what is in " + folder("b") + " stays there";
      assertEquals(1, log.count(words), () -> String.join("\n", log.lines()));
      assertEquals(Map.of(), upkeep.store().untaken());
      watch(upkeep);
      for (int look = 0; look < 2; look++) {
        until(() -> time.pending() > 0, () -> "it does not look");
        await(time.advance(Duration.ofSeconds(1)));
      }
      Files.delete(filler);
      untilLooked(() -> upkeep.store().untaken().equals(Map.of(push().app(), 1)));
      assertEquals(1, log.count(words), "it is said once");
      assertEquals(1, upkeep.store().size(), "what failed before is not there twice");
      until(() -> isEmpty("b"), () -> "it is not given up, or something is left in it");
      await(upkeep.close());
    }
  }

  @Test
  void whatIsForAnApplicationThatDoesNotRunIsNamedOnceAndEndsWhenItIsWorthNothing()
      throws Exception {
    Push push = push();
    leave(open("a"), push);
    SpoolUpkeep upkeep = upkeep(false);
    assertEquals(1, log.count("1 pushes were left in the spool: they go on"));
    watch(upkeep);
    await(time.advance(Duration.ofSeconds(2)));
    assertEquals(1, log.count("1 pushes are for " + push.app() + ", which does not run"));
    assertEquals(1, upkeep.store().size());
    await(time.advance(Duration.ofMillis(push.deadline() - push.bornAt())));
    untilLooked(() -> upkeep.store().size() == 0);
    assertEquals(1, log.count("which does not run"));
    until(() -> log.count("expired") > 0, () -> String.join("\n", log.lines()));
  }

  @Test
  void whoTakesOverBeginsInTheOtherFolderAndGetsWhatIsLeftWhenTheOldOneHasEnded() throws Exception {
    SpoolStore old = open("a");
    ConfigException refused = assertThrows(ConfigException.class, () -> upkeep(false));
    assertTrue(refused.getMessage().contains("another server has the spool in"));
    SpoolUpkeep upkeep = upkeep(true);
    watch(upkeep);
    await(time.advance(Duration.ofSeconds(1)));
    assertEquals(0, upkeep.store().size());
    leave(old, lasting());
    untilLooked(() -> upkeep.store().untaken().equals(Map.of(push().app(), 1)));
    log.untilLogged("1 pushes were left by another server");
    assertTrue(Files.exists(folder("b")));
  }
}
