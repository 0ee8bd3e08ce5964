// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokenfile;

import java.util.Map;

/**
 * One device as a file has it. Immutable.
 *
 * @param where it stands, for messages: {@code line 12}
 * @param fields what is said of it, by names in lower case and with dashes; what is empty is left
 *     out
 * @param problem why it cannot be read; null when it can
 */
record TokenRow(String where, Map<String, String> fields, String problem) {
  TokenRow {
    fields = Map.copyOf(fields);
  }

  static TokenRow of(String where, Map<String, String> fields) {
    return new TokenRow(where, fields, null);
  }

  static TokenRow unreadable(String where, String problem) {
    return new TokenRow(where, Map.of(), problem);
  }
}
