// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.Command;
import org.pushserver.pages.Page.Block;
import org.pushserver.sandbox.Sandbox;
import org.pushserver.sandbox.SandboxOptions;

/** The first push that Java programmers are shown is sent, by the command that they are told. */
@Timeout(120)
class EventBusPageIT {
  private static final String PROGRAM = "FirstPush.java";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Vertx vertx = Vertx.vertx();
  @TempDir private Path directory;

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void theFirstPushRingsAPhone() throws Exception {
    Sandbox sandbox = await(Sandbox.start(vertx, SandboxOptions.in(directory.resolve("sandbox"))));
    Files.writeString(directory.resolve(PROGRAM), program());
    Command.Ended run =
        Command.of(command(sandbox.configDirectory())).in(directory).within(PATIENCE).run();
    assertEquals(0, run.code(), run.said());
    assertTrue(run.said().contains("PushResult[code=200"), run.said());
    assertEquals(1, sandbox.journal().list().size());
    assertTrue(sandbox.journal().list().get(0).body().contains("phone-of-bob"));
  }

  private static String program() {
    return Page.allBlocks().stream()
        .filter(block -> block.text().contains("class FirstPush "))
        .map(Block::text)
        .findAny()
        .orElseThrow();
  }

  /** As printed, with the classes under test in place of the jar, and this sandbox. */
  private static List<String> command(Path config) {
    List<String> command =
        Page.allBlocks().stream()
            .filter(Commands::isIn)
            .flatMap(block -> Commands.in(block).stream())
            .filter(words -> words.contains(PROGRAM))
            .map(ArrayList::new)
            .findAny()
            .orElseThrow();
    assertEquals(
        List.of(
            "java", "-cp", "target/pushserver.jar", PROGRAM, "~/.cache/pushserver-sandbox/config"),
        command);
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-cp",
        absolute(System.getProperty("java.class.path")),
        PROGRAM,
        config.toString());
  }

  private static String absolute(String classPath) {
    return String.join(
        File.pathSeparator,
        List.of(classPath.split(File.pathSeparator)).stream()
            .map(one -> Path.of(one).toAbsolutePath().toString())
            .toList());
  }
}
