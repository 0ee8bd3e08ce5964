// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.cli.Version;

/** The archive of a release, made of the checkout and the jar that the build has left. */
@Timeout(180)
class ArchiveIT {
  private static final String TOP = "pushserver-" + Version.current();
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)(?:#[^)]*)?\\)");

  @TempDir private static Path directory;
  private static Path archive;
  private static Path unpacked;

  /** As bin/release does, once that all is built. */
  private static Path pack(String name, String umask, Map<String, String> environment)
      throws Exception {
    Path packed = directory.resolve(name);
    String unused =
        Shell.run(
            Path.of("").toAbsolutePath(),
            environment,
            "bash",
            "-c",
            "set -euo pipefail; umask "
                + umask
                + "; source bin/lib/setup.sh; source bin/lib/publish.sh;"
                + " pack_archive . target/pushserver.jar '"
                + packed
                + "'");
    return packed;
  }

  @BeforeAll
  static void pack() throws Exception {
    archive = pack("archive.tar.gz", "022", Map.of());
    Path somewhere = Files.createDirectory(directory.resolve("some where"));
    assertEquals(
        "", Shell.run(somewhere, Map.of(), "tar", "-xzf", archive.toString(), "--no-same-owner"));
    unpacked = somewhere.resolve(TOP);
  }

  private static Set<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void itIsTheSameWhoeverMakesItWhenever() throws Exception {
    Path other =
        pack(
            "other.tar.gz",
            "077",
            Map.of("TZ", "Asia/Kolkata", "LC_ALL", "C.UTF-8", "TMPDIR", directory.toString()));
    assertEquals(-1, Files.mismatch(archive, other));
  }

  @Test
  void itHasAllThatRunsAndAllThatIsRead() throws Exception {
    assertEquals(Set.of(TOP), names(unpacked.getParent()));
    assertEquals(Set.of("LICENSE", "README.md", "bin", "conf", "docs", "lib"), names(unpacked));
    assertEquals(
        Set.of("lib", "pushclient", "pushclient-v2", "pushserver", "quickstart"),
        names(unpacked.resolve("bin")));
    assertEquals(Set.of("pushserver.jar"), names(unpacked.resolve("lib")));
    assertEquals(names(Path.of("src", "docs")), names(unpacked.resolve("docs")));
    assertTrue(
        names(unpacked.resolve("conf")).containsAll(Set.of("general.ini", "applications.ini")));
    assertFalse(Files.exists(unpacked.resolve("conf/examples/target")));
  }

  @Test
  void nobodyButItsOwnerWritesToIt() throws Exception {
    String list =
        Shell.run(
            directory, Map.of("TZ", "UTC"), "tar", "--numeric-owner", "-tvzf", archive.toString());
    List<String> odd =
        list.lines().filter(line -> !line.matches("(d|-)rw(x|-)r-(x|-)r-(x|-) 0/0 .*")).toList();
    assertEquals(List.of(), odd);
  }

  @Test
  void eachLinkInItsPagesLeadsToSomething() throws IOException {
    List<String> broken = new ArrayList<>();
    int found = 0;
    try (Stream<Path> files = Files.walk(unpacked)) {
      for (Path page : files.filter(file -> file.toString().endsWith(".md")).toList()) {
        for (Matcher link = LINK.matcher(Files.readString(page)); link.find(); found++) {
          if (!link.group(1).startsWith("http")
              && !Files.exists(page.resolveSibling(link.group(1)))) {
            broken.add(unpacked.relativize(page) + ": " + link.group());
          }
        }
      }
    }
    assertEquals(List.of(), broken);
    assertTrue(found > 100, "only " + found);
  }

  /** By a link to the version that is in use, from any folder. */
  @ParameterizedTest
  @ValueSource(strings = {"pushserver", "pushclient", "pushclient-v2", "quickstart"})
  void itsCommandsRunThroughALink(String command) throws Exception {
    Path link = directory.resolve("in-use-" + command);
    Files.createSymbolicLink(link, unpacked);
    assertEquals(
        "Pushserver " + Version.current(),
        Shell.run(directory, Map.of(), link + "/bin/" + command, "--version"));
  }

  @Test
  void twoPhonesRingWithoutMaven() throws Exception {
    Path path = Files.createDirectory(directory.resolve("path"));
    Path asked = directory.resolve("asked");
    Path maven = path.resolve("mvn");
    Files.writeString(maven, "#!/bin/sh\ntouch '" + asked + "'\nexit 1\n");
    assertTrue(maven.toFile().setExecutable(true));
    String said =
        Shell.run(
            directory,
            Map.of("PATH", path + ":" + System.getenv("PATH")),
            unpacked.resolve("bin/quickstart").toString(),
            "--once");
    assertTrue(said.endsWith("2 of 2 phones rang."), said);
    assertFalse(Files.exists(asked), "Maven was asked");
    assertEquals(Set.of("LICENSE", "README.md", "bin", "conf", "docs", "lib"), names(unpacked));
  }
}
