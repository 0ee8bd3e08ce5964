// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The goals on the page on performance. */
class GoalsPageTest {
  private static final Path PAGE = Path.of("src", "docs", "performance.md");

  /** The first two cells of each row, without the head. */
  private static List<String> rows() throws IOException {
    return Files.readAllLines(PAGE).stream()
        .dropWhile(line -> !line.equals("## Goals"))
        .dropWhile(line -> !line.startsWith("|"))
        .takeWhile(line -> line.startsWith("|"))
        .skip(2)
        .map(line -> line.split("\\|", -1))
        .map(cells -> cells[1].strip() + " " + cells[2].strip())
        .toList();
  }

  @Test
  void thePageHasAllGoalsInTheWordsOfTheBenchmark() throws IOException {
    List<String> goals =
        Goals.missing(new Report()).stream()
            .map(goal -> goal.what() + " " + goal.wanted())
            .toList();

    assertEquals(String.join("\n", goals), String.join("\n", rows()));
  }
}
