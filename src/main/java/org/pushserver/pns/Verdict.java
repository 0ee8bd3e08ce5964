// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pns;

import java.util.Objects;
import org.pushserver.push.Answer;
import org.pushserver.push.Answer.Fault;
import org.pushserver.push.Response;
import org.pushserver.spi.Trial;
import org.pushserver.spi.Trial.Finding;

/**
 * What an answer of a push service means: the one thing that a service's table of answers returns.
 *
 * @param answer for the push
 * @param credentials for the application that sent it
 * @param remedy what to do about the connection or the token
 */
public record Verdict(Answer answer, Credentials credentials, Remedy remedy) {
  public Verdict {
    Objects.requireNonNull(answer, "answer");
    Objects.requireNonNull(credentials, "credentials");
    Objects.requireNonNull(remedy, "remedy");
  }

  /** One after which there is nothing to put right. */
  public Verdict(Answer answer, Credentials credentials) {
    this(answer, credentials, Remedy.NONE);
  }

  /**
   * Of a push from which no request could be made: trying again would not help.
   *
   * @param why what HTTP does not allow
   */
  static Verdict unbuildable(IllegalArgumentException why) {
    return new Verdict(
        new Answer.Refused(
            new Response(500, "the request could not be built: " + why.getMessage(), "", "{}"),
            Fault.SERVER),
        Credentials.UNTOLD);
  }

  /** The same for the application and the connection, with another answer for the push. */
  public Verdict with(Answer other) {
    return new Verdict(other, credentials, remedy);
  }

  /**
   * What the answer to a push that was sent to try the credentials shows of these.
   *
   * @param service who answered
   * @param what they were tried for, such as a topic; empty when there is only one thing
   * @param advice what to do when they are refused
   */
  public Trial trial(String service, String what, String advice) {
    boolean lookedAt =
        answer instanceof Answer.Delivered
            || answer instanceof Answer.DeadToken
            || (answer instanceof Answer.Refused looked && looked.fault() == Fault.PUSH);
    if (lookedAt || credentials == Credentials.ACCEPTED) {
      String taken = service + " takes the credentials";
      return new Trial(Finding.TAKEN, what.isEmpty() ? taken : taken + " for the " + what);
    }
    Response response = answer.response();
    String said = service + " answered " + response.code() + ' ' + response.reason();
    boolean refused = answer instanceof Answer.Refused one && one.fault() == Fault.APPLICATION;
    return refused
        ? new Trial(
            Finding.REFUSED, said + (what.isEmpty() ? "" : " (" + what + ')') + "; " + advice)
        : new Trial(Finding.UNKNOWN, said + "; try again later");
  }

  /** The same, where something can be put right. */
  public Verdict with(Remedy other) {
    return new Verdict(answer, credentials, other);
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

  /** What puts right what made the service refuse. */
  public enum Remedy {
    /** Nothing that we could do now. */
    NONE,
    /** A new connection: this one is used up. */
    RECONNECT,
    /** A new connection; silence when that did not help lately. */
    RECONNECT_OR_PAUSE,
    /** A new connection, and the push again at once, unless that was tried lately. */
    RECONNECT_AND_REPEAT,
    /** A new token on a new connection, and the push again at once. */
    RENEW_AND_REPEAT,
    /** A new token, and the push again at once over the connection that there is. */
    RENEW_ONLY_AND_REPEAT
  }
}
