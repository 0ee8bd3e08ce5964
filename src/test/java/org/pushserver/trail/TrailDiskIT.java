// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a trail whose process was killed, and of one whose disk was full. */
@Timeout(120)
class TrailDiskIT {
  @TempDir Path state;

  private static Process victim(Path folder) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            TrailVictim.class.getName(),
            folder.toString())
        .redirectErrorStream(true)
        .start();
  }

  private static Set<String> calls(Path folder) throws Exception {
    Set<String> calls = new TreeSet<>();
    for (StoredFile file : new TrailFiles(folder).list()) {
      if (!file.closed()) {
        TrailFile.finish(file.path());
      }
      if (!Files.exists(file.path())) {
        // The disk was full before anything was in it.
        continue;
      }
      try (TrailReader reader = TrailReader.open(file.path(), true)) {
        for (int no : reader.blocksOf(0, Long.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE)) {
          reader.block(no).entries().forEach(entry -> calls.add(entry.callId()));
        }
      }
    }
    return calls;
  }

  /** What it says next of what is written, or not: the number, or why not; null at its end. */
  private static String next(BufferedReader said) throws IOException {
    String line = said.readLine();
    while (line != null && !line.matches("(written|trouble) .+")) {
      line = said.readLine();
    }
    return line == null ? null : line.substring("written ".length());
  }

  @Test
  void whatWasWrittenIsThereAfterTheProcessWasKilled() throws Exception {
    Process victim = victim(state);
    try (BufferedReader said = victim.inputReader()) {
      String line = next(said);
      while (line != null && !line.equals("200")) {
        line = next(said);
      }
      assertEquals("200", line);
    } finally {
      victim.destroyForcibly();
      assertTrue(victim.waitFor(30, TimeUnit.SECONDS));
    }
    Set<String> calls = calls(state);
    for (int i = 0; i <= 200; i++) {
      assertTrue(calls.contains("call-" + i), "call-" + i);
    }
  }

  @Test
  void aFullDiskIsSaidAndWhatWasWrittenStaysReadable() throws Exception {
    Path small = Files.createDirectory(state.resolve("small"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString()) == 0,
        "only root may make a small disk to fill");
    Process victim = null;
    try {
      victim = victim(small.resolve("trail"));
      int written = 0;
      String line;
      try (BufferedReader said = victim.inputReader()) {
        line = next(said);
        while (line != null && line.matches("[0-9]+")) {
          written = Integer.parseInt(line);
          line = next(said);
        }
        assertNotNull(line);
        assertEquals("the disk of " + small.resolve("trail") + " is full", line);
      }
      victim.destroyForcibly();
      assertTrue(victim.waitFor(30, TimeUnit.SECONDS));
      Path roomy = Files.createDirectory(state.resolve("roomy"));
      for (Path file : list(small.resolve("trail"))) {
        Path unused = Files.copy(file, roomy.resolve(file.getFileName()));
      }
      Set<String> calls = calls(roomy);
      assertTrue(calls.size() >= written, calls.size() + " of " + written);
    } finally {
      if (victim != null) {
        victim.destroyForcibly();
      }
      assertEquals(0, run("umount", "-l", small.toString()));
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (var all = Files.list(folder)) {
      return all.toList();
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
}
