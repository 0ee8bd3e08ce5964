// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.function.Supplier;
import org.pushserver.spi.Time;

/**
 * Asks another server once more when it says nothing. A question that was being written when its
 * connection broke is lost, and nobody is told, while both servers stay members. Who is asked has
 * to say the same both times. Any thread.
 */
final class AskedAgain {
  /** Who has said nothing for so long is asked once more, and again after some times as long. */
  static final long AGAIN_MS = 1_000;

  private static final int LONGER = 8;

  private final Time time;

  AskedAgain(Time time) {
    this.time = time;
  }

  /**
   * Asks until there is an answer, or one of the questions fails.
   *
   * @param question asks
   */
  Future<Buffer> ask(Supplier<Future<Buffer>> question) {
    Promise<Buffer> answer = Promise.promise();
    ask(question, answer);
    askOnceMore(question, answer, AGAIN_MS);
    return answer.future();
  }

  private static void ask(Supplier<Future<Buffer>> question, Promise<Buffer> answer) {
    question.get().onComplete(answer::tryComplete, answer::tryFail);
  }

  private void askOnceMore(
      Supplier<Future<Buffer>> question, Promise<Buffer> answer, long afterMs) {
    long timer =
        time.timer(
            afterMs,
            () -> {
              ask(question, answer);
              if (afterMs == AGAIN_MS) {
                askOnceMore(question, answer, LONGER * AGAIN_MS);
              }
            });
    answer.future().onComplete(said -> time.cancel(timer));
  }
}
