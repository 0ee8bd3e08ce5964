// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Words of the log that the guides to it quote exist. */
class TroubleshootingTest {
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

  /** They are the words of the JDK, of Netty, and of Google. */
  private static final List<String> OF_OTHERS =
      List.of(
          "Connection refused",
          "Failed to resolve",
          "UnknownHost",
          "PKIX path building failed",
          "unable to find valid certification path",
          "handshake_failure",
          "bad_certificate",
          "invalid_grant");

  /** All source text, with texts that are split over lines joined and all values left out. */
  private static String source() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(TroubleshootingTest::read)
          .collect(Collectors.joining("\n"))
          .replaceAll("\"\\s*\\+\\s*\"", "");
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> rows() throws IOException {
    List<String> cluster = Files.readAllLines(Path.of("src/docs/cluster.md"));
    List<String> rows = new ArrayList<>(Files.readAllLines(Path.of("src/docs/troubleshooting.md")));
    rows.addAll(cluster.subList(cluster.indexOf("## When something is wrong"), cluster.size()));
    return rows;
  }

  @Test
  void everyLineThatTheGuidesQuoteIsOneThatTheServerWrites() throws Exception {
    String source = source();
    List<String> missing = new ArrayList<>();
    int checked = 0;
    for (String row : rows()) {
      if (!row.startsWith("| ") && !row.startsWith("`")) {
        continue;
      }
      String quoting = row.startsWith("| ") ? row.substring(2, row.indexOf(" | ", 2)) : row;
      for (String quoted : QUOTED.matcher(quoting).results().map(m -> m.group(1)).toList()) {
        for (String part : quoted.replaceFirst("^[a-z]+=", "").split("…", -1)) {
          String words = part.strip().replaceAll("[:;]$", "");
          checked++;
          if (!source.contains(words) && OF_OTHERS.stream().noneMatch(words::contains)) {
            missing.add(words);
          }
        }
      }
    }
    assertEquals(List.of(), missing);
    assertTrue(checked > 50, "it has found the quotations");
  }
}
