// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * The loop that sends what may be sent, so many pushes in one turn of the event loop; then it is
 * the others' turn. Confined to one event loop.
 */
final class SendLoop {
  private final BooleanSupplier sendNext;
  private final Executor nextTurn;
  private final Runnable again;
  private boolean sending;
  private boolean goesOnNextTurn;

  /**
   * @param sendNext sends one more; false when none may be sent
   * @param again goes on in another turn
   * @param nextTurn runs a task when the event loop has seen to others
   */
  SendLoop(BooleanSupplier sendNext, Runnable again, Executor nextTurn) {
    this.sendNext = sendNext;
    this.again = again;
    this.nextTurn = nextTurn;
  }

  void run() {
    // Attempts that end at once come back here: a loop, no recursion.
    if (!sending) {
      sending = true;
      try {
        sendSome();
      } finally {
        sending = false;
      }
    }
  }

  private void sendSome() {
    int begun = 0;
    while (begun < InTurns.AT_A_TIME && sendNext.getAsBoolean()) {
      begun++;
    }
    if (begun == InTurns.AT_A_TIME && !goesOnNextTurn) {
      goesOnNextTurn = true;
      nextTurn.execute(
          () -> {
            goesOnNextTurn = false;
            again.run();
          });
    }
  }
}
