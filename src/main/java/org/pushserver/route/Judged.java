// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import java.util.Objects;
import org.pushserver.push.Answer;
import org.pushserver.push.Answer.Fault;
import org.pushserver.push.Response;

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

  /**
   * Of a push from which no request could be made: trying again would not help.
   *
   * @param why what HTTP does not allow
   */
  public static Judged unbuildable(IllegalArgumentException why) {
    return new Judged(
        new Answer.Refused(
            new Response(500, "the request could not be built: " + why.getMessage(), "", "{}"),
            Fault.SERVER),
        Credentials.UNTOLD);
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
