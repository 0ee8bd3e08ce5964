// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.failure;
import static org.pushserver.fake.Await.until;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.Main;
import org.pushserver.fake.SmallDisk;
import org.pushserver.fake.VictimProcess;
import org.pushserver.push.AppKey;
import org.pushserver.tokenfile.DeviceLines;

/**
 * What is left of stored tokens whose server was killed, and on disks that are not as they should.
 */
@Timeout(900)
class TokenDiskIT {
  private static final int KILLS = Boolean.getBoolean("pushserver.rounds") ? 50 : 5;

  @TempDir Path state;

  private VictimProcess victim;

  /** By number, what was last said of a device. */
  private final Map<Integer, String> said = new TreeMap<>();

  @AfterEach
  void kill() throws Exception {
    if (victim != null) {
      victim.end();
    }
  }

  /** The next word of the victim about a device, or of its troubles; null at its end. */
  private String next() throws IOException {
    String line = victim.next();
    while (line != null && !line.matches("(added|removing|removed) [0-9]+|trouble .*")) {
      line = victim.next();
    }
    if (line != null && !line.startsWith("trouble")) {
      String unused =
          said.put(
              Integer.valueOf(line.substring(line.indexOf(' ') + 1)),
              line.substring(0, line.indexOf(' ')));
    }
    return line;
  }

  /** Kills the victim, and hears all that it has said. */
  private void killed(String last) throws Exception {
    victim.kill();
    String line = last;
    while (line != null) {
      line = next();
    }
    victim.end();
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
      victim = VictimProcess.start(TokenVictim.class, file, 1_000_000 * round);
      String line = next();
      while (line != null && said.size() < enough) {
        assertFalse(line.startsWith("trouble"), line);
        line = next();
      }
      assertNotNull(line, "it ended by itself");
      assertThrows(TokenStoreException.class, () -> SqliteTokenStore.open(file, 0));
      killed(line);
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
        VictimProcess.startInto(
            state.resolve("import.log").toFile(),
            Main.class,
            "tokens",
            "import",
            "--config-dir",
            state,
            lines);
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
        victim.end();
      }
      startImport(lines);
      assertEquals(0, victim.exitCode(120), this::said);
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

  @Test
  void aFullDiskIsSaidAndItGoesOnWhenThereIsRoom() throws Exception {
    try (SmallDisk small = SmallDisk.at(state.resolve("small"), "3m")) {
      Path filler = small.path().resolve("filler");
      Files.write(filler, new byte[2 << 20]);
      Path file = small.path().resolve("tokens.db");
      victim = VictimProcess.start(TokenVictim.class, file, 0);
      String line = next();
      while (line != null && !line.startsWith("trouble")) {
        line = next();
      }
      assertEquals("trouble the disk of " + small.path() + " is full; make room", line);
      Files.delete(filler);
      while (line != null && line.startsWith("trouble")) {
        line = next();
      }
      assertNotNull(line, "it ended");
      killed(line);
      isAsWasSaid(file);
    } finally {
      kill();
    }
  }

  @Test
  void aReadOnlyDiskIsSaidAndItGoesOnWhenThatHasEnded() throws Exception {
    SmallDisk small = SmallDisk.at(state.resolve("small"), "3m");
    StoredTokens store = new StoredTokens(small.path().resolve("tokens.db"), 100);
    try {
      small.makeReadOnly(true);
      String problem = failure(store.devices("alice@example.com")).getMessage();
      assertTrue(problem.contains("cannot be written to: it or its folder is read-only"), problem);
      assertEquals(new TokenStoreState("SQLite", false, problem), store.state());
      small.makeReadOnly(false);
      until(() -> store.state().isUsable(), () -> store.state().problem());
      AppKey app = new AppKey("com.example.phone", AppKey.APPLE);
      await(store.add(new StoredToken("alice", app, "phone", "token", null, true, null, 1, 1)));
      assertEquals(1, await(store.devices("alice")).size());
    } finally {
      await(store.close());
      small.close();
    }
  }
}
