// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import java.util.Objects;

/**
 * How it is with the store.
 *
 * @param kind which one it is, for people: {@code SQLite}, {@code Cassandra}
 * @param isUsable whether it answers
 * @param problem what is wrong and what to do, in an operator's words; empty when nothing is
 */
public record TokenStoreState(String kind, boolean isUsable, String problem) {
  public TokenStoreState {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(problem, "problem");
  }
}
