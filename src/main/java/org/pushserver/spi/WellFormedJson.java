// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.IOException;

/**
 * Writes U+FFFD for each half of a surrogate pair that stands alone. JSON lets a request contain
 * them ({@code "\\ud83d"}), UTF-8 does not, and one bad character in a name must not cost the call.
 */
final class WellFormedJson extends JsonGeneratorDelegate {
  private static final char REPLACEMENT = '\uFFFD';

  WellFormedJson(JsonGenerator target) {
    super(target);
  }

  @Override
  public void writeString(String text) throws IOException {
    super.writeString(text == null ? null : wellFormed(text));
  }

  static String wellFormed(String text) {
    int bad = loneSurrogate(text, 0);
    if (bad < 0) {
      return text;
    }
    StringBuilder fixed = new StringBuilder(text);
    for (; bad >= 0; bad = loneSurrogate(text, bad + 1)) {
      fixed.setCharAt(bad, REPLACEMENT);
    }
    return fixed.toString();
  }

  /** The index of the first one at or after {@code from}; -1 when there is none. */
  private static int loneSurrogate(String text, int from) {
    int i = from;
    while (i < text.length()) {
      // A pair reads as one code point beyond the surrogates; only a lone one reads as itself.
      int point = text.codePointAt(i);
      if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
        return i;
      }
      i += Character.charCount(point);
    }
    return -1;
  }
}
