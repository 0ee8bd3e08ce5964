// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One page of the documentation.
 *
 * @param file relative to the checkout
 * @param lines its text
 */
record Page(Path file, List<String> lines) {
  /** How far a block is set off from the text around it, at least. */
  private static final int INDENT = 4;

  /**
   * What a page sets off from its text.
   *
   * @param file where it is
   * @param line its first line, from 1
   */
  record Block(Path file, int line, List<String> lines) {
    String first() {
      return lines.get(0);
    }

    String text() {
      return String.join("\n", lines);
    }

    @Override
    public String toString() {
      return file + ":" + line + " " + first();
    }
  }

  /** The README and all that it leads to. */
  static List<Page> all() {
    try (Stream<Path> docs = Files.walk(Path.of("src/docs"))) {
      return Stream.concat(
              Stream.of(Path.of("README.md")),
              docs.filter(file -> file.toString().endsWith(".md")).sorted())
          .map(Page::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Block> allBlocks() {
    return all().stream().flatMap(page -> page.blocks().stream()).toList();
  }

  private static Page read(Path file) {
    try {
      return new Page(file, Files.readAllLines(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int indent(String line) {
    return line.length() - line.stripLeading().length();
  }

  private static boolean isSetOff(String line) {
    return indent(line) >= INDENT;
  }

  List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      if (isSetOff(lines.get(i)) && lines.get(i - 1).isBlank()) {
        int end = end(i);
        blocks.add(new Block(file, i + 1, outdented(lines.subList(i, end))));
        i = end;
      }
    }
    return blocks;
  }

  /** An empty line ends a block, unless the next one is set off, too. */
  private int end(int begin) {
    int end = begin;
    for (int i = begin;
        i < lines.size() && (isSetOff(lines.get(i)) || lines.get(i).isBlank());
        i++) {
      if (!lines.get(i).isBlank()) {
        end = i + 1;
      }
    }
    return end;
  }

  private static List<String> outdented(List<String> block) {
    int margin =
        block.stream().filter(line -> !line.isBlank()).mapToInt(Page::indent).min().orElseThrow();
    return block.stream().map(line -> line.isBlank() ? "" : line.substring(margin)).toList();
  }

  /** The names by which links lead to its headings, as GitHub makes them. */
  List<String> anchors() {
    return lines.stream()
        .filter(line -> line.matches("#+ .*"))
        .map(line -> line.replaceFirst("#+ ", ""))
        .map(
            heading ->
                heading
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-'))
        .toList();
  }
}
