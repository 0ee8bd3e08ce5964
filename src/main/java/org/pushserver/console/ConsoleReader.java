// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import java.util.Objects;
import org.pushserver.api.KeyScope;
import org.pushserver.config.ApiKey;
import org.pushserver.trail.TrailScope;

/**
 * Who reads the pages.
 *
 * @param key with which he has logged in, or which his proxy named; null for the operator at his
 *     own door, who needs none
 * @param scope what he may see
 * @param hasSession whether he has logged in here, and so can log out
 */
record ConsoleReader(ApiKey key, TrailScope scope, boolean hasSession) {
  /** Whoever reaches the admin door of a server without API keys. */
  static final ConsoleReader OPERATOR = new ConsoleReader(null, KeyScope.of(true, null), false);

  ConsoleReader {
    Objects.requireNonNull(scope, "scope");
  }

  /** The holder of a key. */
  static ConsoleReader of(ApiKey key, boolean hasSession) {
    return new ConsoleReader(key, KeyScope.of(key), hasSession);
  }

  /** The name of his key; empty when he needs none. */
  String name() {
    return key == null ? "" : key.name();
  }

  /** Whether he sees everything. */
  boolean seesAll() {
    return key == null || key.all();
  }

  /**
   * Whether another look found the same reader, with the same rights.
   *
   * @param other null when it found none
   */
  boolean isSame(ConsoleReader other) {
    return other != null && Objects.equals(key, other.key);
  }
}
