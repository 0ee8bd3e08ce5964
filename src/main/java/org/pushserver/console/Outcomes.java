// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.pushserver.trail.TrailEnd;

/** The ends of pushes, in words for people and in those of addresses. Pure. */
final class Outcomes {
  static final String WAITING = "waiting";

  private Outcomes() {}

  /**
   * A choice in a form.
   *
   * @param value in the address
   * @param words for people
   * @param isChosen whether it is the one
   */
  record Choice(String value, String words, boolean isChosen) {}

  /** As the API spells it. */
  static String word(TrailEnd end) {
    return end == null ? WAITING : end.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The one that is spelt so; null when there is none. */
  static TrailEnd end(String word) {
    for (TrailEnd end : TrailEnd.values()) {
      if (word(end).equals(word)) {
        return end;
      }
    }
    return null;
  }

  /** For people. */
  static String words(TrailEnd end) {
    if (end == null) {
      return "on its way";
    }
    return switch (end) {
      case DEAD_TOKEN -> "dead token";
      case NOT_LET_IN -> "not let in";
      default -> word(end);
    };
  }

  /** The class in the style sheet: whether somebody should worry. */
  static String style(TrailEnd end) {
    if (end == null) {
      return "open";
    }
    return switch (end) {
      case DELIVERED -> "good";
      case SUPERSEDED -> "plain";
      default -> "bad";
    };
  }

  /** All of them, for a form. */
  static List<Choice> choices(String chosen) {
    List<Choice> all = new ArrayList<>();
    all.add(new Choice("", "any", chosen.isEmpty()));
    all.add(new Choice(SearchForm.FAILED, "all that failed", chosen.equals(SearchForm.FAILED)));
    for (TrailEnd end : TrailEnd.values()) {
      all.add(new Choice(word(end), words(end), chosen.equals(word(end))));
    }
    if (all.stream().noneMatch(Choice::isChosen)) {
      all.add(new Choice(chosen, Excerpt.of(chosen).text(), true));
    }
    return all;
  }
}
