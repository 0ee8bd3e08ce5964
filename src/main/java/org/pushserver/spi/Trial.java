// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import java.util.Objects;

/**
 * What came of trying an application's credentials without any phone noticing.
 *
 * @param finding in one word
 * @param words what the push service said and what to do about it, in an operator's words, without
 *     secrets
 */
public record Trial(Finding finding, String words) {
  /** What it came to. */
  public enum Finding {
    /** The push service takes them. */
    TAKEN,
    /** The push service can be reached; it takes a push to a phone to learn more. */
    UNTRIED,
    /** The push service was reached, and does not take them. */
    REFUSED,
    /** The push service could not be reached. */
    UNREACHED,
    /** The push service was reached, and said nothing of them. */
    UNKNOWN
  }

  public Trial {
    Objects.requireNonNull(finding, "finding");
    Objects.requireNonNull(words, "words");
  }
}
