// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Optional;
import java.util.function.Consumer;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;

/** A caller that notes what it is told, and fails the test when it is told twice. One thread. */
class NotingCaller implements PushCaller {
  private final boolean isWaiting;
  private boolean isAccepted;
  private Outcome told;

  NotingCaller(boolean isWaiting) {
    this.isWaiting = isWaiting;
  }

  /**
   * Hands in a push.
   *
   * @param end takes the end of it, unless it is turned away; null not to wait for that
   * @return why it was turned away; empty when it was accepted, or is not yet
   */
  static Optional<Outcome> take(SendQueue queue, Push push, Consumer<Outcome> end) {
    NotingCaller caller =
        new NotingCaller(end != null) {
          @Override
          public void ended(Outcome outcome) {
            super.ended(outcome);
            if (outcome.result() != Result.OVERLOADED) {
              end.accept(outcome);
            }
          }
        };
    queue.take(push, caller);
    return caller.outcome().filter(outcome -> outcome.result() == Result.OVERLOADED);
  }

  @Override
  public boolean isWaiting() {
    return isWaiting;
  }

  @Override
  public void accepted() {
    assertFalse(isWaiting, "told more than the end");
    assertFalse(isAccepted, "told twice");
    assertNull(told, "accepted after its end");
    isAccepted = true;
  }

  @Override
  public void ended(Outcome outcome) {
    assertNull(told, "told twice");
    assertFalse(isAccepted, "told of an end that it does not wait for");
    told = outcome;
  }

  boolean isAccepted() {
    return isAccepted;
  }

  Optional<Outcome> outcome() {
    return Optional.ofNullable(told);
  }
}
