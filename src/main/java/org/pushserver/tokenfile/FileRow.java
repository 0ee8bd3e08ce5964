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
record FileRow(String where, Map<String, String> fields, String problem) {
  FileRow {
    fields = Map.copyOf(fields);
  }

  static FileRow of(String where, Map<String, String> fields) {
    return new FileRow(where, fields, null);
  }

  static FileRow unreadable(String where, String problem) {
    return new FileRow(where, Map.of(), problem);
  }
}
