// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cause;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pushserver.cause.CauseExamples.Example;

/**
 * The last part of troubleshooting.md is the table of causes. After a change of the table: {@code
 * mvn test -Dtest=CausesPageTest -Dcauses.page=write} writes it anew.
 */
class CausesPageTest {
  private static final Path PAGE = Path.of("src/docs/troubleshooting.md");
  private static final String BEGIN = "<!-- from causes.json; CausesPageTest writes it -->\n";

  private static String table() throws IOException {
    StringBuilder text = new StringBuilder(BEGIN);
    String group = "";
    for (Map.Entry<String, Example> example : CauseExamples.read().entrySet()) {
      String its = example.getValue().row().path("group").asText();
      if (!its.equals(group)) {
        group = its;
        text.append("\n### ").append(group).append("\n\n| it says | do | name |\n|---|---|---|\n");
      }
      Explanation said = example.getValue().explained();
      text.append("| ")
          .append(said.sentence())
          .append(" | ")
          .append(said.next())
          .append(" | [")
          .append(example.getKey())
          .append("](#")
          .append(said.anchor())
          .append(") |\n");
    }
    return text.toString();
  }

  @Test
  void thePageShowsTheTable() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN);
    assertTrue(begin > 0, "the page has its mark");
    if (System.getProperty("causes.page", "").equals("write")) {
      page = page.substring(0, begin) + table();
      Files.writeString(PAGE, page);
    }
    assertEquals(table(), page.substring(begin), "see this class for how to write it anew");
  }

  @Test
  void everyRowLeadsToAHeading() throws IOException {
    List<String> anchors =
        Files.readAllLines(PAGE).stream()
            .filter(line -> line.matches("#+ .*"))
            .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
            .map(line -> line.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
            .toList();
    for (Example example : CauseExamples.read().values()) {
      String anchor = example.explained().anchor();
      assertTrue(anchors.contains(anchor), anchor);
    }
  }
}
