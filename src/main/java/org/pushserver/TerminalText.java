// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import java.util.ArrayList;
import java.util.List;
import org.pushserver.log.Characters;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Text for a terminal: colours where there are any, and nothing that a stranger wrote may steer it.
 */
final class TerminalText {
  static final int USUAL_WIDTH = 80;

  private static final int NARROWEST = 60;

  private final boolean coloured;
  private final int width;

  private TerminalText(boolean coloured, int width) {
    this.coloured = coloured;
    this.width = width;
  }

  /** For the output of a command: coloured when it is a terminal that wants it (NO_COLOR). */
  static TerminalText of(CommandSpec spec) {
    Ansi ansi = spec.commandLine().getColorScheme().ansi();
    if (!ansi.enabled()) {
      return new TerminalText(false, 0);
    }
    // Finding out takes another program.
    int width =
        ansi == Ansi.AUTO
            ? new CommandLine(CommandSpec.create())
                .setUsageHelpAutoWidth(true)
                .getCommandSpec()
                .usageMessage()
                .width()
            : USUAL_WIDTH;
    return new TerminalText(true, Math.max(NARROWEST, width));
  }

  /** How many columns there are; 0 when nobody counts them, as in a pipe. */
  int width() {
    return width;
  }

  /** The same for sentences, which are never longer than can be read well. */
  int sentenceWidth() {
    return width == 0 ? USUAL_WIDTH : Math.min(width, 100);
  }

  String faint(String text) {
    return styled(text, Style.faint);
  }

  String bold(String text) {
    return styled(text, Style.bold);
  }

  String good(String text) {
    return styled(text, Style.fg_green);
  }

  String bad(String text) {
    return styled(text, Style.fg_red);
  }

  String doubtful(String text) {
    return styled(text, Style.fg_yellow);
  }

  private String styled(String text, IStyle style) {
    return coloured && !text.isEmpty() ? style.on() + text + style.off() : text;
  }

  /** One line, with a ? for whatever would not print, or would steer the terminal. */
  static String plain(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    text.codePoints()
        .map(character -> Characters.isPrintable(character) ? character : '?')
        .forEach(plain::appendCodePoint);
    return plain.toString();
  }

  /** Exactly so many columns: filled with spaces, or cut. */
  static String column(String text, int columns) {
    int length = text.codePointCount(0, text.length());
    if (length > columns) {
      return text.substring(0, text.offsetByCodePoints(0, columns - 1)) + '~';
    }
    return text + " ".repeat(columns - length);
  }

  /** Lines of at most so many columns; a word that is longer has a line of its own. */
  static List<String> wrapped(String text, int columns) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (line.length() > 0 && line.length() + 1 + word.length() > columns) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
