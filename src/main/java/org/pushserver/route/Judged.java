// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import java.util.Objects;
import org.pushserver.push.Answer;

/**
 * What an answer of a push service means.
 *
 * @param answer for the push
 * @param credentials for the application that sent it
 */
public record Judged(Answer answer, Credentials credentials) {
  public Judged {
    Objects.requireNonNull(answer, "answer");
    Objects.requireNonNull(credentials, "credentials");
  }

  /** What an answer says about the application's credentials. */
  public enum Credentials {
    /** They are good: it was looked at what was sent with them. */
    ACCEPTED,
    /** They are not; every other push of the application would be told the same. */
    REFUSED,
    /** Nothing. */
    UNTOLD
  }
}
