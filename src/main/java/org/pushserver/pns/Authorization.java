// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pns;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Optional;
import org.pushserver.push.Response;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Time;

/**
 * What makes a push service take our requests: a key, a token that is renewed, or a certificate. It
 * belongs to one application; event loop only, but for {@link #credentialEnd}.
 */
public interface Authorization {
  /** In place of a header's value where the connection itself says who we are. */
  String NO_HEADER = "";

  /**
   * Starts to get what is needed, and keeps it up until {@link #close}.
   *
   * @param changed called when {@link #problem} or {@link #refusal} may have changed
   * @return completes when connections may be opened
   */
  Future<Void> open(Vertx vertx, Time time, Runnable changed);

  /** What the operator can do when the service refuses it. */
  String advice();

  /** Why pushes have to wait for a header, in an operator's words; empty when they need not. */
  default Optional<String> problem() {
    return Optional.empty();
  }

  /** What pushes come to while nothing can be sent with it; empty unless that is beyond doubt. */
  default Optional<Response> refusal() {
    return Optional.empty();
  }

  /**
   * The value of the authorization header; asked for with each push, and then renewed when that is
   * due.
   *
   * @return {@link #NO_HEADER} when there is none to send; null when there is none that may be sent
   *     now
   */
  String current();

  /**
   * A header that may be sent, got first where that is a matter of a moment.
   *
   * @return fails when there is none, with {@link NotSentException} when it is being tried for
   */
  Future<String> obtain();

  /**
   * Sees to another header than the refused one.
   *
   * @return false when another would not help; fails as {@link #obtain} does
   */
  Future<Boolean> replace(String refused);

  /** How many tries to get a header were in vain since one was got; 0 where none is got. */
  default int failures() {
    return 0;
  }

  /** When it ends by itself; any thread. Empty when it does not. */
  default Optional<Instant> credentialEnd() {
    return Optional.empty();
  }

  /** When the header that there is now ends. Empty when there is none, or it does not end. */
  default Optional<Instant> headerEnd() {
    return Optional.empty();
  }

  /** Also when it was never opened. */
  void close();
}
