// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Who is woken by an alert finds what to do. */
class RunbookTest {
  private static final Path RUNBOOK = Path.of("src/docs/runbook.md");

  /** Where the Debian package puts the page. */
  private static final String INSTALLED = "/usr/share/doc/pushserver/runbook.md#";

  private record Alert(String name, String runbook) {}

  private static List<Alert> alerts() throws IOException {
    List<Alert> alerts = new ArrayList<>();
    Map<String, List<Map<String, List<Map<String, Object>>>>> file =
        new Yaml().load(Files.readString(Path.of("conf/prometheus-alerts.yml")));
    for (Map<String, Object> rule : file.get("groups").get(0).get("rules")) {
      Map<?, ?> annotations = (Map<?, ?>) rule.get("annotations");
      alerts.add(new Alert((String) rule.get("alert"), String.valueOf(annotations.get("runbook"))));
    }
    return alerts;
  }

  private static String[] sections() throws IOException {
    return Files.readString(RUNBOOK).split("(?m)^## ");
  }

  @Test
  void everyAlertHasItsSectionAndEverySectionItsAlertInOneOrder() throws Exception {
    List<String> titles =
        Pattern.compile("(?m)^## (.*)$")
            .matcher(Files.readString(RUNBOOK))
            .results()
            .map((MatchResult found) -> found.group(1))
            .toList();
    assertEquals(alerts().stream().map(Alert::name).toList(), titles);
  }

  @Test
  void everyAlertSaysWhereItsSectionIs() throws Exception {
    for (Alert alert : alerts()) {
      assertEquals(INSTALLED + alert.name().toLowerCase(Locale.ROOT), alert.runbook());
    }
  }

  @Test
  void everySectionSaysWhatItMeansWhereToLookWhatToDoAndWhenItIsOver() throws Exception {
    String[] sections = sections();
    for (int i = 1; i < sections.length; i++) {
      for (String part : List.of("It means", "First look", "[Dd]o", "Over")) {
        assertTrue(
            Pattern.compile("\\*\\*" + part + "\\*\\*").matcher(sections[i]).find(), sections[i]);
      }
    }
  }
}
