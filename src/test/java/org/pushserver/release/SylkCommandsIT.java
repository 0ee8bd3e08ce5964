// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.Command;

/** The commands of Sylk Pushserver, as the package {@code pushserver-sylk} has them. */
class SylkCommandsIT {
  private static final Path COMMANDS = Path.of("src/deb/pushserver-sylk/bin").toAbsolutePath();

  @TempDir private Path directory;

  @BeforeEach
  void opens() throws IOException {
    for (String name : List.of("pushserver", "pushclient", "pushclient-v2")) {
      Path stub = directory.resolve(name);
      Files.writeString(stub, "#!/bin/sh\nprintf '%s' \"" + name + "\"; printf ' <%s>' \"$@\"\n");
      Files.setPosixFilePermissions(stub, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private Command.Ended run(String name, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(COMMANDS.resolve(name).toString()));
    command.addAll(List.of(arguments));
    Command.Ended ended =
        Command.of(command).with(Map.of("PATH", directory + ":" + System.getenv("PATH"))).run();
    return new Command.Ended(ended.code(), ended.said().strip());
  }

  @Test
  void theServerTakesTheOldOptionsAndSaysWhatToDoInsteadOfOthers() throws Exception {
    Command.Ended ended =
        run("sylk-pushserver", "--no-fork", "--config_dir", "/srv/a b", "--port=8401", "--debug");
    assertEquals(
        "pushserver <--no-fork> <--config_dir> </srv/a b> <--port=8401> <--debug>", ended.said());
    Command.Ended forking = run("sylk-pushserver");
    assertTrue(
        forking.said().startsWith("sylk-pushserver: it stays in the foreground"), forking.said());
    for (String wrong : List.of("--nofork", "start", "--config_dir")) {
      Command.Ended refused = run("sylk-pushserver", wrong);
      assertEquals(2, refused.code(), refused.said());
      assertTrue(refused.said().contains(wrong), refused.said());
    }
  }

  @Test
  void theClientOfTheFirstVersionIsPushclient() throws Exception {
    assertEquals("pushclient <--token> <a b>", run("sylk-pushclient", "--token", "a b").said());
  }

  @Test
  void theClientOfTheSecondVersionIsPushclientV2AndTheTablesOfCassandraAreMadeByTheServer()
      throws Exception {
    assertEquals(
        "pushclient-v2 <--account> <a b> <push>",
        run("sylk-pushclient-v2", "--account", "a b", "push").said());
    assertEquals(
        "pushserver <tokens> <init-cassandra> <--config_dir> </srv/a b>",
        run("sylk-pushserver-db", "--config_dir", "/srv/a b").said());
  }
}
