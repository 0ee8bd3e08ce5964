// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import java.util.Objects;
import org.pushserver.trail.TrailScope;

/**
 * Who reads the pages.
 *
 * @param name of the API key; empty for the operator at his own door, who needs none
 * @param scope what he may see
 * @param seesAll whether that is everything
 * @param hasSession whether he has logged in here, and so can log out
 */
record ConsoleReader(String name, TrailScope scope, boolean seesAll, boolean hasSession) {
  /** Whoever reaches the admin door of a server without API keys. */
  static final ConsoleReader OPERATOR = new ConsoleReader("", TrailScope.ALL, true, false);

  ConsoleReader {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(scope, "scope");
  }
}
