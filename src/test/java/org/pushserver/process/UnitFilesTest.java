// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.Command;
import org.pushserver.fake.Programs;

/** What systemd is given, asked of its own tools; none of them needs a systemd that runs. */
@Timeout(60)
class UnitFilesTest {
  private static final Path UNITS = Path.of("conf/systemd").toAbsolutePath();
  private static final Path SERVICE = UNITS.resolve("pushserver.service");

  private static final Pattern SYSTEMD = Pattern.compile("(?m)^systemd (\\d+)");
  private static final int OLDEST_SYSTEMD = 250;

  /** In tenths, of 0 to 10. */
  private static final int EXPOSED_AT_MOST = 15;

  @TempDir private Path directory;

  @Test
  void whoBreaksIntoTheServerHasLittleOfTheMachine() throws Exception {
    assumeSystemdIsNewEnough();
    Command.Ended ended =
        run(
            "systemd-analyze",
            "security",
            "--no-pager",
            "--offline=yes",
            "--threshold=" + EXPOSED_AT_MOST,
            SERVICE.toString());
    assertEquals(0, ended.code(), ended.said());
    assertTrue(ended.said().contains("Overall exposure level"), ended.said());
  }

  @Test
  void systemdUnderstandsEveryLineOfTheUnit() throws Exception {
    assumeSystemdIsNewEnough();
    // The program and its manual page are not where the package puts them.
    String unit =
        Files.readString(SERVICE)
            .replace("/usr/bin/pushserver", "/bin/sh")
            .replaceAll("(?m)^Documentation=man:.*\n", "");
    Path copy = Files.writeString(directory.resolve("pushserver.service"), unit);
    Command.Ended ended = run("systemd-analyze", "verify", copy.toString());
    assertEquals(0, ended.code(), ended.said());
    List<String> ofOurs = ended.said().lines().filter(line -> line.contains("pushserver")).toList();
    assertEquals(List.of(), ofOurs);
  }

  @Test
  void theUserIsMadeWithoutAShell() throws Exception {
    Path root = Files.createDirectories(directory.resolve("root"));
    Files.createDirectories(root.resolve("etc"));
    Command.Ended users =
        run("systemd-sysusers", "--root=" + root, UNITS.resolve("pushserver.sysusers").toString());
    assertEquals(0, users.code(), users.said());
    String user = lineOf(root.resolve("etc/passwd"));
    assertTrue(user.endsWith(":/var/lib/pushserver:/usr/sbin/nologin"), user);
    assertTrue(lineOf(root.resolve("etc/group")).startsWith("pushserver:"));
  }

  @Test
  void theFolderOfTheArchiveIsNotTheServersOwn() throws Exception {
    String folders = Files.readString(UNITS.resolve("pushserver.tmpfiles"));
    assertTrue(folders.contains("\nd /var/cache/pushserver 0755 root root -"), folders);
    assertFalse(Files.readString(SERVICE).contains("\nCacheDirectory="));
  }

  private static String lineOf(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.filter(line -> line.startsWith("pushserver:")).findFirst().orElse("");
    }
  }

  /** Older ones judge no unit that does not run, and do not know all that ours has. */
  private static void assumeSystemdIsNewEnough() throws Exception {
    Matcher version = SYSTEMD.matcher(run("systemd-analyze", "--version").said());
    assumeTrue(
        version.find() && Integer.parseInt(version.group(1)) >= OLDEST_SYSTEMD,
        "systemd is older than " + OLDEST_SYSTEMD);
  }

  private static Command.Ended run(String... command) throws Exception {
    assumeTrue(Programs.areHere(command[0]), "no " + command[0] + " on this machine");
    return Command.of(command).run();
  }
}
