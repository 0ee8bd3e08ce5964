// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import org.pushserver.push.Outcome;

/**
 * Who has handed in a push, and is told what becomes of it. Told on the event loop of the queue, in
 * the middle of its work: it neither waits nor throws.
 */
public interface PushCaller {
  /** Whether it waits for the end of the push, and not only for its acceptance. Never changes. */
  boolean isWaiting();

  /** The push was accepted. Told only when it does not wait for the end, and then nothing more. */
  void accepted();

  /** The push has ended, or was turned away ({@link Outcome.Result#OVERLOADED}). */
  void ended(Outcome outcome);
}
