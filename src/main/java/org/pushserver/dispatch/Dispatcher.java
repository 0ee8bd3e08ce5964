// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.pushserver.events.Application;
import org.pushserver.push.AppKey;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.queue.OwnAnswers;

/**
 * Takes pushes to the verticles of their applications. Call it on an event loop; it never blocks.
 */
public interface Dispatcher {
  /** The application that runs under this key now; empty when there is none. */
  Optional<Application> application(AppKey key);

  /**
   * The application that has the app-id of this key among its further names.
   *
   * @return empty when none has, or more than one
   */
  Optional<AppKey> alias(AppKey name);

  /**
   * The section that is, or may be, meant for this key or has it among its further names, and is
   * disabled; empty when none is.
   */
  Optional<DisabledSection> disabled(AppKey key);

  /**
   * The canonical name of a push service, by which its applications are known.
   *
   * @param name any name of it; one that nobody has is returned as it is
   */
  String platform(String name);

  /** Whether any application, or any push service, goes by this canonical platform name. */
  boolean hasPlatform(String platform);

  /**
   * Sends a push and waits for its end.
   *
   * @return completes with the outcome, at the latest shortly after the push's deadline; does not
   *     fail
   */
  Future<Outcome> deliver(Push push);

  /**
   * Accepts a push and leaves it to itself.
   *
   * @return completes as soon as it is kept: empty when it was accepted, else with why it was not;
   *     does not fail
   */
  Future<Optional<Outcome>> accept(Push push);

  /**
   * Withdraws the rings that a cancel is for, of an application whose phones cannot be told: those
   * that wait are not sent, those that are with the push service are not tried again.
   *
   * @return completes with the cancel's outcome, superseded in any case; empty when no such ring is
   *     on its way, and then nothing has happened. Does not fail
   */
  Future<Optional<Outcome>> withdraw(Push cancel);

  /** Whether the outcome of {@link #withdraw} says that the phone rings, or may ring. */
  static boolean wasRung(Outcome withdrawal) {
    return OwnAnswers.isUntold(withdrawal.response());
  }

  /**
   * Cancels a call as far as it is remembered: whoever is returned has to be told, and is not
   * returned again. When nothing is known of the call, its rings that come within a moment are
   * taken for overtaken, and not sent.
   *
   * @return completes with the devices that were rung for it within the last minutes; does not fail
   */
  Future<List<RungDevice>> cancel(CallCancel cancel);

  /** Notes that who waited for the end of a ring has been answered; see {@link #left}. */
  void answered(Push ring);

  /**
   * Notes that who waited for the end of a ring has gone away before that.
   *
   * @return completes with whether nobody else wants the phone to ring, so that a cancel has to
   *     follow; does not fail
   */
  Future<Boolean> left(Push ring);
}
