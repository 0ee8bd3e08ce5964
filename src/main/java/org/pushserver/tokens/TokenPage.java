// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import java.util.List;

/**
 * Some of all stored tokens.
 *
 * @param tokens them
 * @param next to ask for those after them with; null when these are the last
 */
public record TokenPage(List<StoredToken> tokens, String next) {
  public TokenPage {
    tokens = List.copyOf(tokens);
  }
}
