// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dialect;

import org.pushserver.api.RequestRefused;
import org.pushserver.push.Outcome;

/**
 * What became of a push of a foreign request, in what its sender can make use of.
 *
 * @param status of HTTP, as {@code POST /push} would have it
 * @param reason in words, without a token; empty when there is nothing to say
 */
record ForeignEnd(Result result, int status, String reason) {
  /** The ends that senders can tell apart. */
  enum Result {
    /** The push service took it, or it need not be sent any more. */
    TAKEN,
    /** It is still tried to be sent: its sender has waited long enough. */
    UNDERWAY,
    /** The device's token is dead. */
    DEAD,
    /** The push service will never take it. */
    REFUSED,
    /** Not this time: it may be asked for again. */
    FAILED,
    /** It was asked for in a wrong way. */
    WRONG,
    /** No device can have such a token. */
    WRONG_TOKEN,
    /** No such application is configured. */
    UNKNOWN_APPLICATION,
    /** The sender's key is for other applications. */
    FORBIDDEN
  }

  /** What a refusal begins with that is about the token. */
  private static final String TOKEN = "Field 'token' ";

  static final ForeignEnd UNDERWAY = new ForeignEnd(Result.UNDERWAY, 200, "still trying");

  /** The end of a push that was accepted, or turned away. */
  static ForeignEnd of(Outcome outcome) {
    int code = outcome.response().code();
    String reason = outcome.response().reason();
    return switch (outcome.result()) {
      case DELIVERED, SUPERSEDED -> new ForeignEnd(Result.TAKEN, 200, reason);
      case DEAD_TOKEN -> new ForeignEnd(Result.DEAD, 410, reason);
      case REFUSED -> new ForeignEnd(Result.REFUSED, code, reason);
      case EXPIRED -> new ForeignEnd(Result.FAILED, 504, reason);
      case OVERLOADED, ABANDONED -> new ForeignEnd(Result.FAILED, 503, reason);
    };
  }

  /** The end of what could not become a push. */
  static ForeignEnd of(RequestRefused refusal) {
    Result result =
        switch (refusal.status()) {
          case 403 -> Result.FORBIDDEN;
          case 404 -> Result.UNKNOWN_APPLICATION;
          case 429, 503 -> Result.FAILED;
          default -> refusal.description().startsWith(TOKEN) ? Result.WRONG_TOKEN : Result.WRONG;
        };
    return new ForeignEnd(result, refusal.status(), refusal.description());
  }

  boolean isGood() {
    return result == Result.TAKEN || result == Result.UNDERWAY;
  }
}
