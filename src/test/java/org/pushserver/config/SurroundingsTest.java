// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.spi.Problem;

class SurroundingsTest {
  @TempDir Path directory;

  private List<Problem> problems(String user) throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      Settings settings =
          await(new SettingsReader(vertx).look(new Overrides(directory, null, 0, false)));
      return Surroundings.of(settings, user).problems();
    } finally {
      await(vertx.close());
    }
  }

  private void mode(Path path, String mode) throws Exception {
    assertEquals(path, Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode)));
  }

  private Path configure() throws Exception {
    Files.writeString(directory.resolve("general.ini"), "");
    Files.writeString(
        directory.resolve("applications.ini"),
        "[a]\napp_id = a\napp_type = sylk\napp_platform = apple\napple_key = k.p8\n");
    Path folder = Files.createDirectory(directory.resolve("credentials"));
    Path key = Files.writeString(folder.resolve("k.p8"), "-----BEGIN PRIVATE KEY-----\n");
    mode(directory, "rwxr-xr-x");
    mode(folder, "rwxr-xr-x");
    return key;
  }

  @Test
  void aKeyThatEverybodyMayReadIsWorthAWarning() throws Exception {
    Path key = configure();
    mode(key, "rw-r--r--");
    assertEquals(
        "[" + key + ": every user of this machine may read the key in it; chmod o-r]",
        problems(null).toString());
    mode(key, "rw-r-----");
    assertEquals(List.of(), problems(null));
  }

  @Test
  void whatTheServersUserMayNotReadIsAnError() throws Exception {
    Path key = configure();
    mode(key, "---------");
    String own = System.getProperty("user.name");
    List<Problem> found = problems(own);
    if (own.equals("root")) {
      assertEquals(List.of(), found, "root may read all");
      found = problems("nobody");
      own = "nobody";
    }
    assertEquals(1, found.size(), found.toString());
    assertTrue(
        found.get(0).toString().startsWith(key + ": " + own + " may not read it"), found + "");
  }

  @Test
  void aTrailThatCannotBeWrittenIsWorthAWarning() throws Exception {
    Path key = configure();
    mode(key, "rw-r-----");
    Path general = directory.resolve("general.ini");
    Files.writeString(general, "[server]\ntrail = yes\nstate_dir = state/of/it\n");
    assertEquals(List.of(), problems(null), "it is made when the server starts");
    Path state = Files.writeString(directory.resolve("state"), "no folder");
    assertEquals(
        "["
            + general
            + " [server] state_dir: "
            + state.resolve("of/it")
            + " cannot be written, so no record of pushes is kept; make it the server's own (mkdir,"
            + " chown), or name another folder]",
        problems(null).toString());
    Files.writeString(general, "[server]\ntrail = no\nstate_dir = state/of/it\n");
    assertEquals(List.of(), problems(null), "nobody needs it");
  }
}
