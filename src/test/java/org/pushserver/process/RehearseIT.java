// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.Main;
import org.pushserver.fake.Command;

/** What {@code bin/pushserver archive} runs, in a process of its own. */
@Timeout(60)
class RehearseIT {
  @TempDir private Path directory;

  @Test
  void aRehearsalPushesToBothServicesEndsAndLeavesNothingBehind() throws Exception {
    String said = rehearsed(ServerProcess.classPath());
    assertFalse(said.contains("members:"), said);
  }

  /**
   * What {@code archive --cluster} runs: both wires between them are encrypted, as with members.
   */
  @Test
  void aRehearsalForAClusterIsOneOfAMemberThatFindsAnother() throws Exception {
    String said = rehearsed(ServerProcess.wholeClassPath(), "--cluster");
    assertEquals(
        1, said.lines().filter(line -> line.contains("this server begins alone")).count(), said);
    String loaded = Files.readString(directory.resolve("loaded"));
    assertTrue(loaded.contains("org.pushserver.cluster.TlsSocket "));
    assertTrue(loaded.contains("org.pushserver.cluster.MemberDoor "));
    assertTrue(loaded.contains("io.vertx.core.net.PemTrustOptions "));
  }

  private String rehearsed(String classPath, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + directory,
                "-Xlog:class+load:file=" + directory.resolve("loaded"),
                "-cp",
                classPath,
                Main.class.getName(),
                "rehearse"));
    command.addAll(List.of(options));
    Command.Ended ended = Command.of(command).run();
    String said = ended.said();
    assertEquals(0, ended.code(), said);
    assertTrue(said.contains("platform=apple event=incoming_session"), said);
    assertTrue(said.contains("projects/pushserver-sandbox/messages/1"), said);
    // What a connection to a name needs more than one to an address: push services have names.
    assertTrue(
        Files.readString(directory.resolve("loaded")).contains("] java.net.IDN source"), said);
    assertArrayEquals(
        new String[0],
        directory.toFile().list((folder, name) -> name.startsWith("pushserver-")),
        said);
    return said;
  }
}
