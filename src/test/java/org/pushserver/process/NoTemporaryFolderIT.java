// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.pushserver.fake.Await.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
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
}
