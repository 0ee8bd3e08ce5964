// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cause;

import java.util.Objects;

/**
 * Why a push ended as it did. Immutable; any thread.
 *
 * @param id of the row that fitted, such as {@code apple-token-gone}: stays the same when its words
 *     are changed
 * @param sentence what happened, in an operator's words
 * @param next what to do; never empty
 * @param anchor of the heading in troubleshooting.md that says more, without {@code #}
 */
public record Explanation(String id, String sentence, String next, String anchor) {
  /** Where the package puts it, as alerts have it. */
  private static final String PAGE = "/usr/share/doc/pushserver/troubleshooting.md";

  public Explanation {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(sentence, "sentence");
    Objects.requireNonNull(next, "next");
    Objects.requireNonNull(anchor, "anchor");
  }

  /** The page and the place on it that say more. */
  public String link() {
    return PAGE + '#' + anchor;
  }
}
