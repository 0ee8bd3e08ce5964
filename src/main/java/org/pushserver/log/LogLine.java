// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import java.util.function.Consumer;

/**
 * A structured log line: the only argument of a message {@code "{}"}. It becomes text, JSON or a
 * journal entry on the thread of the sink, so it holds nothing that changes.
 *
 * @param name what it tells of, in one word
 * @param bytes about what it holds while it waits for its sink
 * @param content adds the fields, the same ones however often it is asked
 */
public record LogLine(String name, int bytes, Consumer<Fields> content) {
  /** What a line holds that tells of a push in a few words. */
  private static final int USUAL = 500;

  /** One without long texts. */
  public LogLine(String name, Consumer<Fields> content) {
    this(name, USUAL, content);
  }

  /**
   * One with long texts.
   *
   * @param texts what they are
   */
  public static LogLine of(String name, Consumer<Fields> content, String... texts) {
    int bytes = USUAL;
    for (String text : texts) {
      bytes += text.length();
    }
    return new LogLine(name, bytes, content);
  }

  /** The message that a line is the argument of. */
  public static final String MESSAGE = "{}";

  /** As in a log of text, without time, level and logger. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(256);
    TextFormat.append(this, text);
    return text.toString();
  }
}
