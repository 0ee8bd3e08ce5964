// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import io.vertx.core.eventbus.ReplyException;
import java.time.Duration;

/**
 * No server of push notifications could be asked, or none has answered. What a server has answered
 * is never an exception but a {@link PushResult}, whatever it says. Immutable; any thread.
 */
public final class NoReplyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** How Vert.x begins what it says of a message that it had for a consumer that has ended. */
  private static final String DISCARDED = "Discarded";

  /** What went wrong. */
  public enum Why {
    /** Nobody listens: no server is deployed, or its addresses begin otherwise. */
    NO_SERVER,
    /** The server ended before it looked at the push. */
    CLOSED,
    /** The time-out passed. */
    TIMED_OUT,
    /** Somebody answers at this address, who is no Pushserver. */
    NOT_UNDERSTOOD
  }

  /** What went wrong, in one word. */
  private final Why why;

  private NoReplyException(Why why, String message, Throwable cause) {
    super(message, cause);
    this.why = why;
  }

  /** What the event bus has failed with. */
  static NoReplyException of(Throwable cause, String address, Duration timeout) {
    if (!(cause instanceof ReplyException failure)) {
      return new NoReplyException(
          Why.CLOSED, "the event bus does not take messages for " + address + ": " + cause, cause);
    }
    return switch (failure.failureType()) {
      case NO_HANDLERS ->
          new NoReplyException(
              Why.NO_SERVER,
              "nobody listens at "
                  + address
                  + ": deploy a PushServerVerticle in this process or in another one of the same"
                  + " cluster, wait until it is deployed, and compare its prefix of addresses",
              cause);
      case TIMEOUT ->
          String.valueOf(failure.getMessage()).startsWith(DISCARDED)
              ? new NoReplyException(
                  Why.CLOSED,
                  "the server at " + address + " ended before it looked at this message",
                  cause)
              : timedOut(address, timeout, cause);
      default -> notUnderstood(address, "fails with: " + failure.getMessage(), cause);
    };
  }

  private static NoReplyException timedOut(String address, Duration timeout, Throwable cause) {
    return new NoReplyException(
        Why.TIMED_OUT,
        "no answer from "
            + address
            + " within "
            + timeout.toMillis()
            + " ms. A push may have been sent all the same, or may be sent later: the server tries"
            + " until the push's deadline, and answers then. If it still runs, its deadline is"
            + " longer than this time-out",
        cause);
  }

  /** Something came that cannot be understood. */
  static NoReplyException notUnderstood(String address, String what, Throwable cause) {
    return new NoReplyException(
        Why.NOT_UNDERSTOOD,
        "whoever listens at " + address + " " + what + ". Is that a Pushserver?",
        cause);
  }

  /** {@return what went wrong, in one word} */
  public Why why() {
    return why;
  }

  /**
   * Whether the push may have been sent, or may still be. If not, it certainly has not been, and
   * sending it again makes no phone ring twice.
   *
   * @return false when it certainly has not been
   */
  public boolean mayBeSent() {
    return why == Why.TIMED_OUT || why == Why.NOT_UNDERSTOOD;
  }
}
