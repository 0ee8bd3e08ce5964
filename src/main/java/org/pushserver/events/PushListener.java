// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.events;

import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.spi.Condition;

/**
 * The listener that is told what becomes of each push: a log, a measure, or whoever wants to know.
 * Called on the event loop of the push's application, in the middle of its work: a listener does
 * not wait. One that throws misses what it was told; the push does not notice.
 */
public interface PushListener {
  /**
   * The listener of one application alone, so that it need not find out for each push which one it
   * is for. Asked for when the application starts; and of the one that this gave, on the event loop
   * of the application, when its configuration has changed.
   */
  default PushListener of(Application application) {
    return this;
  }

  /** One that tells several, in this order. */
  static PushListener all(PushListener... listeners) {
    return new PushListeners(listeners);
  }

  /**
   * The push was accepted: it will end, or join one that is on its way.
   *
   * @param isAwaited whether whoever handed it in waits for the end; else he was told already that
   *     it was accepted
   */
  default void accepted(Push push, boolean isAwaited) {}

  /** The push is kept, whatever happens to the process from now on. */
  default void kept(Push push) {}

  /** The push could not be kept: its caller is not told that it is accepted, but its end. */
  default void unkept(Push push) {}

  /**
   * The push, which was just accepted, had been accepted before, and is taken up where it was left.
   *
   * @param isOfOther whether another server had it, whose caller is told by this one; else a former
   *     process had kept it, and nobody asks for it any more
   * @param mayHaveArrived whether it may have reached the phone already
   */
  default void takenUp(Push push, boolean isOfOther, boolean mayHaveArrived) {}

  /**
   * A push that was accepted repeats another one that is on its way, and shares its end: of this
   * one nothing more is told.
   *
   * @param same the other one
   */
  default void joined(Push push, Push same) {}

  /** A cancel waits for what comes of its rings, which are with the push service. */
  default void held(Push push) {}

  /**
   * It is to be tried again, after a pause.
   *
   * @param ms how long that is, milliseconds
   */
  default void pauses(Push push, long ms) {}

  /** The push service was asked, or could not be. */
  default void attempted(Push push, Attempt attempt) {}

  /**
   * An attempt has come to an end whose push had ended before, at its deadline or with its
   * application. Nothing follows from it, but the phone may have been reached.
   */
  default void late(Push push, Attempt attempt) {}

  /**
   * A ring that was delivered was pushed once more, because nothing was heard of its phone; or that
   * was tried. Its end stays what it was.
   */
  default void repeated(Push push, Attempt attempt) {}

  /**
   * It stands so with the way to the push service; told when the application starts, and after each
   * change.
   */
  default void stands(Condition condition) {}

  /** The application has stopped, or has not started: nothing more will be told. */
  default void left() {}

  /**
   * The push has ended, or was never accepted ({@link Outcome.Result#OVERLOADED}).
   *
   * @param now milliseconds since the epoch
   */
  default void ended(Push push, Outcome outcome, long now) {}
}
