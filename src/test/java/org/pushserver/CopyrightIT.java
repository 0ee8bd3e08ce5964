// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code src/deb/copyright} says under which licence each thing in the server's jar is. */
class CopyrightIT {
  private static final Pattern FILES = Pattern.compile("(?m)^Files:((?:.*\\n)(?: .*\\n)*)");
  private static final Pattern LICENCE = Pattern.compile("(?m)^License: (\\S+)\\n( ?)");

  private final String copyright;
  private final Set<String> classes;

  CopyrightIT() throws IOException {
    copyright = Files.readString(Path.of("src/deb/copyright"));
    try (JarFile jar = new JarFile("target/pushserver.jar")) {
      classes =
          jar.stream()
              .map(entry -> entry.getName().replaceFirst("^META-INF/versions/\\d+/", ""))
              .filter(name -> name.endsWith(".class"))
              .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** As regular expressions; without the one for all that is not in the jar. */
  private Set<String> patterns() {
    Set<String> patterns = new LinkedHashSet<>();
    Matcher paragraphs = FILES.matcher(copyright);
    while (paragraphs.find()) {
      for (String glob : paragraphs.group(1).strip().split("\\s+", -1)) {
        patterns.add(glob);
      }
    }
    patterns.remove("*");
    return patterns;
  }

  private static boolean matches(String glob, String name) {
    return name.matches(glob.replace(".", "\\.").replace("$", "\\$").replace("*", ".*"));
  }

  @Test
  void allThatIsInTheJarHasAParagraph() {
    Set<String> patterns = patterns();
    Set<String> without =
        classes.stream()
            .filter(name -> patterns.stream().noneMatch(glob -> matches(glob, name)))
            .map(name -> name.replaceFirst("/[^/]*$", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of(), without, "name these in src/deb/copyright");
  }

  @Test
  void eachParagraphIsAboutSomethingInTheJar() {
    for (String glob : patterns()) {
      assertTrue(classes.stream().anyMatch(name -> matches(glob, name)), glob);
    }
  }

  @Test
  void eachLicenceHasItsText() {
    Set<String> named = new TreeSet<>();
    Set<String> told = new TreeSet<>();
    Matcher licences = LICENCE.matcher(copyright);
    while (licences.find()) {
      named.add(licences.group(1));
      if (!licences.group(2).isEmpty()) {
        told.add(licences.group(1));
      }
    }
    assertEquals(named, told);
  }
}
