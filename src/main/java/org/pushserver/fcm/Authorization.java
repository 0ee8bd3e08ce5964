// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import org.pushserver.spi.Time;

/** What makes the service take our requests. It belongs to one application; event loop only. */
interface Authorization {
  /**
   * Starts to get what is needed, and keeps it up until {@link #close}.
   *
   * @param changed called when {@link #problem} or {@link #refusal} may have changed
   */
  void open(Vertx vertx, Time time, Runnable changed);

  /** Why there is no header now, in an operator's words; empty when there is one. */
  Optional<String> problem();

  /** Why there will be none with this account; empty unless that is beyond doubt. */
  Optional<TokenException> refusal();

  /** How long the header that there is now is good for; empty when that does not end. */
  default Optional<Duration> remaining() {
    return Optional.empty();
  }

  /**
   * The value of the authorization header, at once.
   *
   * @return fails with {@link TokenException} when the account is refused, and with {@link
   *     org.pushserver.spi.NotSentException} when there is nothing now
   */
  Future<String> header();

  /** Whether {@link #replace} may help when the service refused this header. */
  boolean isReplaceable(String refused);

  /**
   * Another header than the refused one.
   *
   * @return fails as {@link #header} does
   */
  Future<String> replace(String refused);

  /** Also when it was never opened. */
  void close();
}
