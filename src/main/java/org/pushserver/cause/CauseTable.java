// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cause;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pushserver.trail.TrailEnd;

/**
 * Reads {@code causes.json}: a list of objects with texts. By hand and not by data binding, whose
 * classes would cost a command more than all else it does.
 */
final class CauseTable {
  /** In the place of an end: it has none yet. */
  private static final String WAITING = "waiting";

  private CauseTable() {}

  static List<CauseRow> read() {
    try (InputStream in = CauseTable.class.getResourceAsStream("causes.json");
        JsonParser parser = new JsonFactory().createParser(in)) {
      List<CauseRow> rows = new ArrayList<>();
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
          rows.add(row(texts(parser)));
        }
      }
      return List.copyOf(rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The object that the parser has entered; what is no text, its example, is for tests. */
  private static Map<String, String> texts(JsonParser parser) throws IOException {
    Map<String, String> texts = new HashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      if (parser.nextToken() == JsonToken.VALUE_STRING) {
        texts.put(name, parser.getText());
      } else {
        parser.skipChildren();
      }
    }
    return texts;
  }

  private static CauseRow row(Map<String, String> texts) {
    String ends = texts.get("end");
    boolean open = WAITING.equals(ends);
    return new CauseRow(
        texts.get("id"),
        texts.get("group"),
        texts.get("service"),
        open || ends == null ? null : named(ends, TrailEnd::valueOf),
        open,
        pattern(texts.get("code")),
        pattern(texts.get("reason")),
        named(texts.getOrDefault("when", ""), Circumstance::valueOf),
        texts.get("sentence"),
        texts.get("next"),
        texts.get("anchor"));
  }

  private static Pattern pattern(String text) {
    return text == null ? null : Pattern.compile(text, Pattern.CASE_INSENSITIVE);
  }

  /** Words in lower case with dashes, as the constants of an enum. */
  private static <E extends Enum<E>> Set<E> named(String words, Function<String, E> valueOf) {
    return Stream.of(words.split(" ", -1))
        .filter(word -> !word.isEmpty())
        .map(word -> valueOf.apply(word.toUpperCase(Locale.ROOT).replace('-', '_')))
        .collect(Collectors.toUnmodifiableSet());
  }
}
