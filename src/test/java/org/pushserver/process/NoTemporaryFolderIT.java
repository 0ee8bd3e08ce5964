// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.pushserver.fake.Await.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.Main;
import org.pushserver.fake.Command;
import org.pushserver.fake.RunningCommand;

/** A read-only container has no folder for temporary files. */
@Timeout(120)
class NoTemporaryFolderIT {
  @TempDir private Path directory;

  @RegisterExtension
  private final Program program = new Program(() -> directory.resolve("installed"));

  @Test
  void theServerStartsAndSendsWithoutAFolderForTemporaryFiles() throws Exception {
    Path noFolder = Files.writeString(directory.resolve("file"), "no folder");
    ServerProcess server = program.start("-Djava.io.tmpdir=" + noFolder);
    assertEquals(200, await(server.push("ab".repeat(32))).statusCode());
  }

  @Test
  void theSandboxStartsWithoutAFolderForTemporaryFiles() throws Exception {
    Path noFolder = Files.writeString(directory.resolve("file"), "no folder");
    try (RunningCommand sandbox =
        Command.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + noFolder,
                "-cp",
                ServerProcess.classPath(),
                Main.class.getName(),
                "sandbox",
                "--dir=" + directory.resolve("sandbox"),
                "--apns-port=0",
                "--fcm-port=0",
                "--control-port=0")
            .start()) {
      assertNotNull(sandbox.untilSaid(Pattern.compile("(?m)^Control ")));
    }
  }

  @Test
  void theTrailIsWrittenAndReadWithoutAFolderForTemporaryFiles() throws Exception {
    Path noFolder = Files.writeString(directory.resolve("file"), "no folder");
    Path state = directory.resolve("installed/state/trail");
    keepTrail("../state");
    ServerProcess server = program.start("-Djava.io.tmpdir=" + noFolder);
    String call = "ab".repeat(32);
    assertEquals(200, await(server.push(call)).statusCode());
    server.signal("TERM");
    assertEquals(0, server.exitCode(30));
    assertEquals(List.of(), unpacked(state));
    assertTrue(why(call, noFolder).contains("delivered"));
    assertEquals(List.of(), unpacked(state));
  }

  @Test
  void theTrailIsWrittenWhereTemporaryFilesMayNotBeRun() throws Exception {
    Path noPrograms = Files.createDirectory(directory.resolve("noexec"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "noexec,size=16m", "tmpfs", noPrograms.toString()) == 0,
        "only root may make a folder from which no program may be run");
    try {
      keepTrail("../state");
      ServerProcess server = program.start("-Djava.io.tmpdir=" + noPrograms);
      String call = "ab".repeat(32);
      assertEquals(200, await(server.push(call)).statusCode());
      server.signal("TERM");
      assertEquals(0, server.exitCode(30));
      assertTrue(why(call, noPrograms).contains("delivered"));

      keepTrail(noPrograms.toString());
      ServerProcess without = program.start("-Djava.io.tmpdir=" + noPrograms);
      assertEquals(200, await(without.push("cd".repeat(32))).statusCode(), "pushes go on");
      without.untilLogged(
          "the native code of SQLite cannot be loaded .* let them run in state_dir"
              + " \\(/var/lib/pushserver; mounted without noexec\\)");
      without.kill();
    } finally {
      assertEquals(0, run("umount", "-l", noPrograms.toString()));
    }
  }

  private void keepTrail(String state) throws Exception {
    Path general = program.config.resolve("general.ini");
    Files.writeString(
        general,
        Files.readString(general)
            .replace("trail = no", "trail = yes")
            .replace("state_dir = ../state", "state_dir = " + state));
  }

  private static List<String> unpacked(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("native-"))
          .toList();
    }
  }

  /** What the command says of a call. */
  private String why(String call, Path temporary) throws Exception {
    Command.Ended ended =
        Command.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                ServerProcess.classPath(),
                Main.class.getName(),
                "why",
                "--config-dir=" + program.config,
                "--json",
                call)
            .run();
    assertEquals(0, ended.code(), ended.said());
    return ended.said();
  }

  private static int run(String... words) throws Exception {
    return Command.of(words).run().code();
  }
}
