// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.Main;
import org.pushserver.sandbox.Sandbox;
import org.pushserver.sandbox.SandboxOptions;

/** A read-only container has no folder for temporary files. */
@Timeout(120)
class NoTemporaryFolderIT {
  @TempDir Path directory;

  @Test
  void theServerStartsAndSendsWithoutAFolderForTemporaryFiles() throws Exception {
    Path noFolder = Files.writeString(directory.resolve("file"), "no folder");
    Vertx vertx = Vertx.vertx();
    Sandbox sandbox = await(Sandbox.start(vertx, SandboxOptions.in(directory.resolve("sandbox"))));
    ServerProcess server =
        ServerProcess.start(sandbox.configDirectory(), "-Djava.io.tmpdir=" + noFolder);
    try {
      assertEquals(200, server.push("ab".repeat(32)).get(30, TimeUnit.SECONDS).statusCode());
    } finally {
      server.kill();
      await(vertx.close());
    }
  }

  @Test
  void theSandboxStartsWithoutAFolderForTemporaryFiles() throws Exception {
    Path noFolder = Files.writeString(directory.resolve("file"), "no folder");
    Process process =
        new ProcessBuilder(
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
            .redirectErrorStream(true)
            .start();
    try (BufferedReader said = process.inputReader()) {
      List<String> lines = new ArrayList<>();
      String line = said.readLine();
      while (line != null && !line.startsWith("Control ")) {
        lines.add(line);
        line = said.readLine();
      }
      assertNotNull(line, () -> String.join("\n", lines));
    } finally {
      process.destroyForcibly();
    }
  }
}
