// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.failure;
import static org.pushserver.fake.Await.until;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.push.AppKey;
import org.pushserver.tokenfile.DeviceLines;

/**
 * What is left of stored tokens whose server was killed, and on disks that are not as they should.
 */
@Timeout(900)
class TokenDiskIT {
  private static final int KILLS = Boolean.getBoolean("pushserver.rounds") ? 50 : 5;

  @TempDir Path state;

  private Process victim;

  /** By number, what was last said of a device. */
  private final Map<Integer, String> said = new TreeMap<>();

  private BufferedReader start(Path file, int first) throws IOException {
    victim =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                TokenVictim.class.getName(),
                file.toString(),
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

  /** The next word of the victim about a device, or of its troubles; null at its end. */
  private String next(BufferedReader from) throws IOException {
    String line = from.readLine();
    while (line != null && !line.matches("(added|removing|removed) [0-9]+|trouble .*")) {
      line = from.readLine();
    }
    if (line != null && !line.startsWith("trouble")) {
      String unused =
          said.put(
              Integer.valueOf(line.substring(line.indexOf(' ') + 1)),
              line.substring(0, line.indexOf(' ')));
    }
    return line;
  }

  private void isAsWasSaid(Path file) throws Exception {
    SqliteTokenStore store = SqliteTokenStore.open(file, 0);
    try {
      for (Map.Entry<Integer, String> one : said.entrySet()) {
        int devices = await(store.devices(TokenVictim.account(one.getKey()))).size();
        if (one.getValue().equals("added")) {
          assertEquals(1, devices, () -> "lost: " + one);
        } else if (one.getValue().equals("removed")) {
          assertEquals(0, devices, () -> "back: " + one);
        }
      }
      assertTrue(store.state().isUsable());
    } finally {
      await(store.close());
    }
  }

  @Test
  void noAnsweredChangeIsLostWhenTheServerIsKilled() throws Exception {
    Path file = state.resolve("tokens.db");
    for (int round = 0; round < KILLS; round++) {
      int enough = said.size() + 100 + 37 * (round % 10);
      try (BufferedReader from = start(file, 1_000_000 * round)) {
        String line = next(from);
        while (line != null && said.size() < enough) {
          assertFalse(line.startsWith("trouble"), line);
          line = next(from);
        }
        assertNotNull(line, "it ended by itself");
        assertThrows(TokenStoreException.class, () -> SqliteTokenStore.open(file, 0));
        // Not by the process itself: that would take away what it has said.
        assertTrue(victim.toHandle().destroyForcibly());
        while (line != null) {
          line = next(from);
        }
      }
      assertTrue(victim.waitFor(30, TimeUnit.SECONDS));
      isAsWasSaid(file);
    }
    System.out.printf(
        "killed %d times; answered changes %d, lost %d%n",
        KILLS, said.values().stream().filter(word -> !word.equals("removing")).count(), 0);
  }

  private static StoredToken imported(int number) {
    return new StoredToken(
        "imported" + number + "@example.com",
        new AppKey("com.example.phone", AppKey.FIREBASE),
        "phone",
        "imported-" + number,
        null,
        true,
        null,
        1,
        1);
  }

  private void startImport(Path lines) throws IOException {
    victim =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "org.pushserver.Main",
                "tokens",
                "import",
                "--config-dir",
                state.toString(),
                lines.toString())
            .redirectErrorStream(true)
            .redirectOutput(state.resolve("import.log").toFile())
            .start();
  }

  private static long devices(TokenStore store) {
    return await(store.count()).devices().values().stream().mapToLong(Long::longValue).sum();
  }

  @Test
  @EnabledIfSystemProperty(named = "pushserver.rounds", matches = "true")
  void anImportThatIsKilledBesideAServerIsDoneAgainAndNothingThatWasAnsweredIsLost()
      throws Exception {
    int all = 10_000;
    Path lines = state.resolve("tokens.jsonl");
    try (DeviceLines to = new DeviceLines(Files.newOutputStream(lines), true)) {
      for (int i = 0; i < all; i++) {
        to.write(imported(i));
      }
    }
    Files.writeString(state.resolve("general.ini"), "[tokens]\nfile = tokens.db\n");
    Files.writeString(state.resolve("applications.ini"), "");
    Path file = state.resolve("tokens.db");
    SqliteTokenStore server = SqliteTokenStore.open(file, 100);
    int own = 0;
    try {
      for (int enough : new int[] {1, all / 2}) {
        startImport(lines);
        while (devices(server) - own < enough) {
          assertTrue(victim.isAlive() || devices(server) - own >= enough, this::said);
          StoredToken mine = imported(1_000_000 + own);
          await(server.add(mine));
          own++;
        }
        victim.destroyForcibly();
        assertTrue(victim.waitFor(30, TimeUnit.SECONDS));
      }
      startImport(lines);
      assertTrue(victim.waitFor(120, TimeUnit.SECONDS), "the import does not end");
      assertEquals(0, victim.exitValue(), this::said);
      assertEquals(all + own, devices(server));
      for (int i = 0; i < own; i++) {
        assertEquals(1, await(server.devices(imported(1_000_000 + i).account())).size());
      }
      assertEquals(List.of(imported(all - 1)), await(server.devices(imported(all - 1).account())));
    } finally {
      await(server.close());
    }
    try (Connection closed = TokenSchema.read(file, 1000);
        Statement check = closed.createStatement();
        ResultSet verdict = check.executeQuery("PRAGMA integrity_check")) {
      assertTrue(verdict.next());
      assertEquals("ok", verdict.getString(1));
    }
  }

  private String said() {
    try {
      return Files.readString(state.resolve("import.log"));
    } catch (IOException e) {
      return e.toString();
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

  @Test
  void aFullDiskIsSaidAndItGoesOnWhenThereIsRoom() throws Exception {
    Path small = smallDisk();
    try {
      Path filler = small.resolve("filler");
      Files.write(filler, new byte[2 << 20]);
      Path file = small.resolve("tokens.db");
      try (BufferedReader from = start(file, 0)) {
        String line = next(from);
        while (line != null && !line.startsWith("trouble")) {
          line = next(from);
        }
        assertEquals("trouble the disk of " + small + " is full; make room", line);
        Files.delete(filler);
        while (line != null && line.startsWith("trouble")) {
          line = next(from);
        }
        assertNotNull(line, "it ended");
        // Not by the process itself: that would take away what it has said.
        assertTrue(victim.toHandle().destroyForcibly());
        while (line != null) {
          line = next(from);
        }
      }
      assertTrue(victim.waitFor(30, TimeUnit.SECONDS));
      isAsWasSaid(file);
    } finally {
      kill();
      assertEquals(0, run("umount", "-l", small.toString()));
    }
  }

  @Test
  void aReadOnlyDiskIsSaidAndItGoesOnWhenThatHasEnded() throws Exception {
    Path small = smallDisk();
    StoredTokens store = new StoredTokens(small.resolve("tokens.db"), 100);
    try {
      assertEquals(0, run("mount", "-o", "remount,ro", small.toString()));
      String problem = failure(store.devices("alice@example.com")).getMessage();
      assertTrue(problem.contains("cannot be written to: it or its folder is read-only"), problem);
      assertEquals(new TokenStoreState("SQLite", false, problem), store.state());
      assertEquals(0, run("mount", "-o", "remount,rw", small.toString()));
      until(() -> store.state().isUsable(), () -> store.state().problem());
      AppKey app = new AppKey("com.example.phone", AppKey.APPLE);
      await(store.add(new StoredToken("alice", app, "phone", "token", null, true, null, 1, 1)));
      assertEquals(1, await(store.devices("alice")).size());
    } finally {
      await(store.close());
      assertEquals(0, run("umount", "-l", small.toString()));
    }
  }
}
