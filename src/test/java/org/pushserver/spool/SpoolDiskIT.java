// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.failure;
import static org.pushserver.fake.Await.until;

import io.vertx.core.Future;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A spool whose process was killed, or whose disk is not as it should. */
@Timeout(1_800)
class SpoolDiskIT {
  private static final int KILLS = Boolean.getBoolean("pushserver.rounds") ? 200 : 6;

  @TempDir Path state;

  private final HeardNews news = new HeardNews();
  private Process victim;

  /** By number, what was last said of a record. */
  private final Map<Integer, String> said = new HashMap<>();

  private BufferedReader start(Path folder, int first) throws IOException {
    victim =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SpoolVictim.class.getName(),
                folder.toString(),
                String.valueOf(first))
            .redirectErrorStream(true)
            .start();
    return victim.inputReader();
  }

  @AfterEach
  void kill() throws Exception {
    if (victim != null) {
      victim.destroyForcibly();
      assertTrue(victim.waitFor(30, TimeUnit.SECONDS));
    }
  }

  /** The next whole word of the victim; null at its end. */
  private String next(BufferedReader from) throws IOException {
    String line = from.readLine();
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
      try (BufferedReader from = start(folder, first)) {
        String line = next(from);
        while (line != null && said.size() < enough) {
          assertFalse(line.startsWith("trouble") || line.startsWith("failing"), line);
          line = next(from);
        }
        assertNotNull(line, "it ended by itself");
        if (round == 0) {
          SpoolException refused =
              assertThrows(SpoolException.class, () -> SpoolLog.open(folder, Duration.ZERO, news));
          assertTrue(refused.getMessage().startsWith("another server has the spool in"));
        }
        // Not by the process itself: that would take away what it has said.
        assertTrue(victim.toHandle().destroyForcibly());
        while (line != null) {
          line = next(from);
        }
      }
      assertTrue(victim.waitFor(30, TimeUnit.SECONDS));
      isAsWasSaid(folder);
    }
  }

  private static int run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    return process.exitValue();
  }

  private Path smallDisk() throws Exception {
    Path small = Files.createDirectory(state.resolve("small"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", small.toString()) == 0,
        "only root may make a small disk");
    return small;
  }

  private static Future<Void> keep(SpoolLog log, int number) {
    return log.append(SpoolVictim.id(number), () -> SpoolVictim.content(number, 20_000));
  }

  @Test
  void onAFullDiskNothingIsPromisedAndItGoesOnWhenThereIsRoom() throws Exception {
    Path small = smallDisk();
    SpoolLog log = null;
    try {
      Path filler = small.resolve("filler");
      Files.write(filler, new byte[2 << 20]);
      Path folder = small.resolve("spool");
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
      assertEquals(0, run("umount", "-l", small.toString()));
    }
  }

  @Test
  void aServerStartsOnAFullDiskWithWhatWasLeft() throws Exception {
    Path small = smallDisk();
    try {
      Path folder = small.resolve("spool");
      SpoolLog log = SpoolLog.open(folder, Duration.ZERO, news);
      log.start();
      await(keep(log, 1));
      await(log.close());
      try (var filler = Files.newOutputStream(small.resolve("filler"))) {
        byte[] block = new byte[4096];
        assertThrows(
            IOException.class,
            () -> {
              while (true) {
                filler.write(block);
              }
            });
      }
      assertEquals(List.of(1), new ArrayList<>(left(folder).keySet()));
    } finally {
      assertEquals(0, run("umount", "-l", small.toString()));
    }
  }

  @Test
  void aFolderThatIsReadOnlyIsSaid() throws Exception {
    Path small = smallDisk();
    try {
      Path folder = small.resolve("spool");
      SpoolLog log = SpoolLog.open(folder, Duration.ZERO, news);
      log.start();
      await(keep(log, 1));
      await(log.close());
      assertEquals(0, run("mount", "-o", "remount,ro", small.toString()));
      SpoolException refused =
          assertThrows(SpoolException.class, () -> SpoolLog.open(folder, Duration.ZERO, news));
      assertEquals(
          folder
              + " cannot be written to: it is read-only, or belongs to another user; make it the"
              + " server's own (chown)",
          refused.getMessage());
    } finally {
      assertEquals(0, run("umount", "-l", small.toString()));
    }
  }
}
