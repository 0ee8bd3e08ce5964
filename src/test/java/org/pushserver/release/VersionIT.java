// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.cli.Version;

/**
 * The version stands in pom.xml, and all that says one says that. (What the server writes into its
 * log is held against it by SignalsIT, what it serves by ApiDocumentIT.)
 */
@Timeout(120)
class VersionIT {
  private static final Path TOP = Path.of("").toAbsolutePath();
  private static final String POM = ofPom();

  /** Those that the project names itself by, beside pom.xml. */
  private static final List<String> PLACES =
      List.of("conf/examples/pom.xml", "src/docs/event-bus.md", "src/docs/installation.md");

  @TempDir private Path directory;

  private static String ofPom() {
    try {
      Matcher version =
          Pattern.compile("(?m)^  <version>(.*)</version>$")
              .matcher(Files.readString(Path.of("pom.xml")));
      assertTrue(version.find());
      return version.group(1);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> commands() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("bin"))) {
      return files.filter(Files::isRegularFile).map(Path::toString).sorted().toList();
    }
  }

  @Test
  void theProgramSaysThatOfPom() {
    assertEquals(POM, Version.current());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandSaysThatOfPom(String command) throws Exception {
    assertEquals("Pushserver " + POM, Shell.run(TOP, Map.of(), command, "--version"));
  }

  @ParameterizedTest
  @MethodSource("jars")
  void everyJarSaysThatOfPomInItsManifest(String name) throws IOException {
    try (JarFile jar = new JarFile("target/" + name)) {
      assertEquals(
          POM, jar.getManifest().getMainAttributes().getValue("Implementation-Version"), name);
    }
  }

  private static List<String> jars() {
    return List.of("pushserver.jar", "pushserver-" + POM + ".jar");
  }

  /** The chart numbers itself, and names what it installs. */
  @Test
  void theChartInstallsThatOfPom() throws IOException {
    Path chart = Path.of("conf", "kubernetes", "Chart.yaml");
    if (Files.exists(chart)) {
      Matcher version =
          Pattern.compile("(?m)^appVersion: \"?([^\"\\n]*)\"?$").matcher(Files.readString(chart));
      assertTrue(version.find());
      assertEquals(POM, version.group(1));
    }
  }

  /** All that is written here by hand. */
  private void copy() throws IOException {
    for (String place : List.of("pom.xml", "src/docs/changelog.md", "bin/release")) {
      copy(place);
    }
    for (String place : PLACES) {
      copy(place);
    }
    for (String place : List.of("conf/kubernetes/Chart.yaml", "conf/container/Dockerfile")) {
      if (Files.exists(Path.of(place))) {
        copy(place);
      }
    }
    try (Stream<Path> files = Files.list(Path.of("bin", "lib"))) {
      for (Path file : files.toList()) {
        copy(file.toString());
      }
    }
  }

  private void copy(String place) throws IOException {
    Path to = directory.resolve(place);
    Files.createDirectories(to.getParent());
    Files.copy(Path.of(place), to);
  }

  private void set(String version) throws Exception {
    String unused = Shell.run(directory, Map.of(), "bin/release", "--set-version", version);
  }

  @Test
  void theNextVersionIsWrittenToAllPlacesAtOnce() throws Exception {
    copy();
    set("9.8.7");
    assertEquals("Pushserver 9.8.7", Shell.run(directory, Map.of(), "bin/release", "--version"));
    for (String place : PLACES) {
      String before = Files.readString(Path.of(place));
      assertTrue(before.contains(POM), place + " does not name " + POM);
      String after = Files.readString(directory.resolve(place));
      assertEquals(before.replace(POM, "9.8.7"), after, place);
    }
    String pom = Files.readString(directory.resolve("pom.xml"));
    assertEquals(
        Files.readString(Path.of("pom.xml")).lines().count(), pom.lines().count(), "lines of POM");
    assertTrue(pom.contains("\n  <version>9.8.7</version>\n"));
    assertFalse(pom.contains(POM));
  }

  @Test
  void theChangelogSaysWhenItWasAndHasAPlaceForTheNext() throws Exception {
    copy();
    set("9.8.7");
    set("9.9.0-SNAPSHOT");
    List<String> heads =
        Files.readString(directory.resolve("src/docs/changelog.md"))
            .lines()
            .filter(line -> line.startsWith("## "))
            .toList();
    assertEquals("## 9.9.0 (unreleased)", heads.get(0));
    assertTrue(heads.get(1).matches("## 9\\.8\\.7 \\(\\d{4}-\\d\\d-\\d\\d\\)"), heads::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "1.0", "v1.0.0", "1.0.0-beta", "1.0.0 "})
  void whatIsNoVersionIsRefused(String version) throws Exception {
    copy();
    String said = Shell.refusal(directory, "bin/release", "--set-version", version);
    assertTrue(said.startsWith("release: write --set-version 1.2.3"), said);
    assertEquals(-1, Files.mismatch(Path.of("pom.xml"), directory.resolve("pom.xml")));
  }

  @Test
  void onlyWhatIsCommittedIsPublished() throws Exception {
    copy();
    String nothing = Shell.refusal(directory, "bin/release", "--skip-checks");
    assertTrue(
        nothing.endsWith("a release is made of a commit, and this is no checkout."), nothing);
    String unused = Shell.run(directory, Map.of(), "git", "init", "-q");
    String changed = Shell.refusal(directory, "bin/release", "--skip-checks");
    assertTrue(changed.startsWith("release: this is not what is committed"), changed);
    assertTrue(changed.contains("pom.xml"), changed);
  }
}
