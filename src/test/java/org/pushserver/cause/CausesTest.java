// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cause;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.pushserver.cause.CauseExamples.Example;
import org.pushserver.trail.TrailEnd;

/** The table of causes: each row can be reached, and says something. */
class CausesTest {
  private static final Set<String> FIELDS =
      Set.of(
          "id",
          "group",
          "service",
          "end",
          "code",
          "reason",
          "when",
          "sentence",
          "next",
          "anchor",
          "example");

  /** What only programmers say, or nobody who is asked for help. */
  private static final Pattern NO_WORDS =
      Pattern.compile(
          "\\b(?:null|[Ee]xceptions?|stack trace|GOAWAY|RST_STREAM|SETTINGS|[Ff]rames?|[Ss]treams?"
              + "|[Vv]erticles?|event loops?|JVM|provider token)\\b|!");

  @Test
  void theExampleOfEachRowIsExplainedByThatRow() throws IOException {
    Map<String, String> others = new TreeMap<>();
    for (Map.Entry<String, Example> example : CauseExamples.read().entrySet()) {
      String found = example.getValue().explained().id();
      if (!found.equals(example.getKey())) {
        others.put(example.getKey(), found);
      }
    }
    assertEquals(Map.of(), others);
  }

  @Test
  void everyEndHasAWord() {
    List<TrailEnd> ends = new ArrayList<>(Arrays.asList(TrailEnd.values()));
    ends.add(null);
    for (TrailEnd end : ends) {
      for (String platform : List.of("apple", "firebase", "webpush")) {
        Explanation found =
            Causes.explain(
                CauseExamples.entry(end, platform, "wake", 599, "", 3, 1, List.of()), List.of());
        assertFalse(found.sentence().isBlank(), end + " on " + platform);
        assertFalse(found.sentence().contains("{"), found::sentence);
      }
    }
  }

  @Test
  void theLastRowFitsAll() {
    CauseRow last = Causes.rows().get(Causes.rows().size() - 1);
    assertTrue(
        last.ends() == null
            && last.service() == null
            && last.code() == null
            && last.reason() == null
            && last.when().isEmpty(),
        last::toString);
  }

  @Test
  void everyRowSaysWhatHappenedAndWhatToDoInPlainWords() throws IOException {
    Set<String> ids = new HashSet<>();
    for (Example example : CauseExamples.read().values()) {
      Explanation said = example.explained();
      assertTrue(ids.add(said.id()), said::id);
      assertTrue(said.id().matches("[a-z][a-z0-9-]*"), said::id);
      for (String text : List.of(said.sentence(), said.next())) {
        assertTrue(text.matches("[A-Z][^{}]*[.?]"), said + ": " + text);
        assertFalse(NO_WORDS.matcher(text).find(), text);
      }
      assertFalse(said.anchor().isBlank(), said::id);
    }
  }

  @Test
  void noRowHasAFieldThatNobodyReads() throws IOException {
    for (Example example : CauseExamples.read().values()) {
      JsonNode row = example.row();
      row.fieldNames().forEachRemaining(name -> assertTrue(FIELDS.contains(name), row::toString));
      assertTrue(row.hasNonNull("group"), row::toString);
    }
  }

  @Test
  void whenNobodyLookedNothingIsSaidOfOthers() throws IOException {
    for (Example example : CauseExamples.read().values()) {
      String said = Causes.explain(example.entry(), List.of()).sentence();
      assertFalse(said.contains("of the last"), said);
    }
  }
}
