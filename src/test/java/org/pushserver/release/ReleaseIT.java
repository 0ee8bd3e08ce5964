// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.cli.Version;

/** All that is published, built twice of what is committed: only bin/check --long does so. */
@Timeout(1200)
@EnabledIfSystemProperty(
    named = "pushserver.release",
    matches = "twice",
    disabledReason = "bin/check --long builds the release twice")
class ReleaseIT {
  private static final Path TOP = Path.of("").toAbsolutePath();

  @TempDir private Path directory;

  /** Returns what it has left. */
  private Path release(String folder, String umask, Map<String, String> environment)
      throws Exception {
    Path clone = directory.resolve(folder);
    String unused =
        Shell.run(
            directory,
            environment,
            "bash",
            "-c",
            "umask "
                + umask
                + " && git clone -q --no-hardlinks '"
                + TOP
                + "' '"
                + clone
                + "' && cd '"
                + clone
                + "' && bin/release --skip-checks");
    return clone.resolve("target").resolve("release");
  }

  @Test
  void theSameCommitGivesTheSameBytesWhoeverBuildsItWhere() throws Exception {
    Path one = release("one", "022", Map.of("TZ", "UTC", "LC_ALL", "C"));
    Path other =
        release(
            "another place",
            "077",
            Map.of(
                "TZ",
                "Asia/Kolkata",
                "LC_ALL",
                "C.UTF-8",
                "MAVEN_OPTS",
                "-Duser.language=tr",
                "DEBFULLNAME",
                "Somebody Else",
                "DEBEMAIL",
                "else@example.com"));
    String sums = Files.readString(one.resolve("SHA256SUMS"));
    assertEquals(sums, Files.readString(other.resolve("SHA256SUMS")));
    assertEquals(summed(sums), published(one));
    String unused = Shell.run(one, Map.of(), "sha256sum", "--check", "--strict", "SHA256SUMS");

    String name = "pushserver-" + Version.current();
    for (String kind :
        List.of(
            ".jar",
            "-sources.jar",
            "-javadoc.jar",
            ".pom",
            "-server.jar",
            ".cdx.json",
            ".tar.gz")) {
      assertTrue(Files.size(one.resolve(name + kind)) > 0, kind);
    }
    // To Debian, 1.0.0-SNAPSHOT would be later than 1.0.0.
    String debian = "_" + Version.current().replace("-", "~") + "_all.deb";
    assertTrue(
        published(one).containsAll(Set.of("pushserver" + debian, "pushserver-sylk" + debian)),
        sums);
  }

  private static Set<String> summed(String sums) {
    return sums.lines()
        .map(line -> line.substring(line.indexOf("  ") + 2))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** All but what says so of it. */
  private static Set<String> published(Path release) throws IOException {
    try (Stream<Path> files = Files.list(release)) {
      Set<String> names =
          files
              .map(file -> file.getFileName().toString())
              .collect(Collectors.toCollection(TreeSet::new));
      names.removeAll(Set.of("SHA256SUMS", "BUILT-WITH"));
      return names;
    }
  }
}
