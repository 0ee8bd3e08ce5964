// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.util.List;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;

/**
 * Is told what becomes of each push: for logs, measures and all who want to know. Called on the
 * event loop of the push's application, in the middle of its work: a witness neither waits nor
 * fails.
 */
public interface Witness {
  /** An equal request came while the push was on its way, and shares its end. */
  default void joined(Push push) {}

  /** The push service was asked, or could not be. */
  default void attempted(Push push, Attempt attempt) {}

  /**
   * The push has ended, or was never accepted ({@link Outcome.Result#OVERLOADED}).
   *
   * @param now milliseconds since the epoch
   */
  default void ended(Push push, Outcome outcome, long now) {}

  /** One that tells several, in this order. */
  static Witness all(Witness... witnesses) {
    List<Witness> all = List.of(witnesses);
    return new Witness() {
      @Override
      public void joined(Push push) {
        all.forEach(one -> one.joined(push));
      }

      @Override
      public void attempted(Push push, Attempt attempt) {
        all.forEach(one -> one.attempted(push, attempt));
      }

      @Override
      public void ended(Push push, Outcome outcome, long now) {
        all.forEach(one -> one.ended(push, outcome, now));
      }
    };
  }
}
