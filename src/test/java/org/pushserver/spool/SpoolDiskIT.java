// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.failure;
import static org.pushserver.fake.Await.until;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.SmallDisk;
import org.pushserver.fake.VictimProcess;

/** A spool whose process was killed, or whose disk is not as it should. */
@Timeout(1_800)
class SpoolDiskIT {
  private static final int KILLS = Boolean.getBoolean("pushserver.rounds") ? 200 : 6;

  @TempDir Path state;

  private final HeardNews news = new HeardNews();
  private VictimProcess victim;

  /** By number, what was last said of a record. */
  private final Map<Integer, String> said = new HashMap<>();

  @AfterEach
  void kill() throws Exception {
    if (victim != null) {
      victim.end();
    }
  }

  /** The next whole word of the victim; null at its end. */
  private String next() throws IOException {
    String line = victim.next();
    if (line != null && line.matches("(kept|forgetting|forgotten) [0-9]+")) {
      int number = Integer.parseInt(line.substring(line.indexOf(' ') + 1));
      String word = line.substring(0, line.indexOf(' '));
      // That it is kept may be said late: it has ended meanwhile.
      if (!word.equals("kept") || !said.containsKey(number)) {
        String unused = said.put(number, word);
      }
    }
    return line;
  }

  private Map<Integer, Boolean> left(Path folder) throws SpoolException {
    SpoolLog log = SpoolLog.open(folder, Duration.ofSeconds(10), news);
    try {
      Map<Integer, Boolean> left = new TreeMap<>();
      log.load(
          (id, content, mayHaveEnded) -> left.put(SpoolVictim.number(id, content), mayHaveEnded));
      return left;
    } finally {
      await(log.close());
    }
  }

  private void isAsWasSaid(Path folder) throws SpoolException {
    Map<Integer, Boolean> left = left(folder);
    assertFalse(left.containsValue(true), "nothing was damaged in its midst");
    said.forEach(
        (number, word) -> {
          if (word.equals("kept")) {
            assertTrue(left.containsKey(number), () -> "lost: " + number);
          } else if (word.equals("forgotten")) {
            assertFalse(left.containsKey(number), () -> "back: " + number);
          }
        });
    // Of what the kill came before it could say, this is how it is, and stays.
    said.replaceAll(
        (number, word) ->
            word.equals("forgetting") && !left.containsKey(number) ? "forgotten" : word);
    left.keySet().forEach(number -> said.putIfAbsent(number, "kept"));
  }

  @Test
  void nothingKeptIsLostAndNothingForgottenComesBackWhenTheProcessIsKilled() throws Exception {
    Path folder = state.resolve("spool");
    for (int round = 0; round < KILLS; round++) {
      int first = 1_000_000 * round;
      int enough = said.size() + 300 + 411 * (round % 10);
      victim = VictimProcess.start(SpoolVictim.class, folder, first);
      String line = next();
      while (line != null && said.size() < enough) {
        assertFalse(line.startsWith("trouble") || line.startsWith("failing"), line);
        line = next();
      }
      assertNotNull(line, "it ended by itself");
      if (round == 0) {
        SpoolException refused =
            assertThrows(SpoolException.class, () -> SpoolLog.open(folder, Duration.ZERO, news));
        assertTrue(refused.getMessage().startsWith("another server has the spool in"));
      }
      victim.kill();
      while (line != null) {
        line = next();
      }
      victim.end();
      isAsWasSaid(folder);
    }
  }

  private static Future<Void> keep(SpoolLog log, int number) {
    return log.append(SpoolVictim.id(number), () -> SpoolVictim.content(number, 20_000));
  }

  @Test
  void onAFullDiskNothingIsPromisedAndItGoesOnWhenThereIsRoom() throws Exception {
    SpoolLog log = null;
    try (SmallDisk small = SmallDisk.at(state.resolve("small"), "3m")) {
      Path filler = small.path().resolve("filler");
      Files.write(filler, new byte[2 << 20]);
      Path folder = small.path().resolve("spool");
      log = SpoolLog.open(folder, Duration.ZERO, news);
      log.start();
      List<Integer> kept = new ArrayList<>();
      int number = 0;
      Future<Void> last = keep(log, number);
      while (await(last.map(true).otherwise(false))) {
        kept.add(number++);
        last = keep(log, number);
      }
      log.forget(SpoolVictim.id(number));
      String problem = "the disk of " + folder + " is full; make room";
      assertEquals(problem, failure(last).getMessage());
      assertEquals(problem, log.problem());
      assertEquals(List.of(problem), news.troubles);
      assertTrue(keep(log, 1_000).failed(), "that is known: nobody waits");
      log.forget(SpoolVictim.id(0));
      kept.remove(Integer.valueOf(0));
      Files.delete(filler);
      SpoolLog tried = log;
      until(() -> tried.problem() == null, tried::problem);
      await(keep(log, 2_000));
      kept.add(2_000);
      assertEquals(List.of(problem, "working"), news.troubles);
      await(log.close());
      Map<Integer, Boolean> left = left(folder);
      assertEquals(kept, new ArrayList<>(left.keySet()));
      assertFalse(left.containsValue(true));
      assertEquals(List.of(), news.damage);
    } finally {
      if (log != null) {
        await(log.close());
      }
    }
  }

  @Test
  void aServerStartsOnAFullDiskWithWhatWasLeft() throws Exception {
    try (SmallDisk small = SmallDisk.at(state.resolve("small"), "3m")) {
      Path folder = small.path().resolve("spool");
      SpoolLog log = SpoolLog.open(folder, Duration.ZERO, news);
      log.start();
      await(keep(log, 1));
      await(log.close());
      Path unused = small.fill();
      assertEquals(List.of(1), new ArrayList<>(left(folder).keySet()));
    }
  }

  @Test
  void aFolderThatIsReadOnlyIsSaid() throws Exception {
    try (SmallDisk small = SmallDisk.at(state.resolve("small"), "3m")) {
      Path folder = small.path().resolve("spool");
      SpoolLog log = SpoolLog.open(folder, Duration.ZERO, news);
      log.start();
      await(keep(log, 1));
      await(log.close());
      small.makeReadOnly(true);
      SpoolException refused =
          assertThrows(SpoolException.class, () -> SpoolLog.open(folder, Duration.ZERO, news));
      assertEquals(
          folder
              + " cannot be written to: it is read-only, or belongs to another user; make it the"
              + " server's own (chown)",
          refused.getMessage());
    }
  }
}
