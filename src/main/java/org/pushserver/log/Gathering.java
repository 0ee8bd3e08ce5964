// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * How a thread empties a queue: some at a time. What comes alone waits a moment for company, as one
 * wake-up and one system call for many is most of what makes them cheap.
 */
public final class Gathering {
  private static final long COMPANY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private Gathering() {}

  /**
   * Empties a queue until it ends, on this thread. Who ends it adds one more, so that the thread
   * wakes.
   *
   * @param most how many are taken at a time
   * @param isEnding whether nothing more comes, but what is there
   * @param take takes them; the list is its own until it returns. What it throws ends this
   * @throws InterruptedException when the thread is interrupted
   */
  public static <E> void run(
      BlockingQueue<E> queue, int most, BooleanSupplier isEnding, Consumer<List<E>> take)
      throws InterruptedException {
    List<E> batch = new ArrayList<>(most);
    // It may have ended before this thread has begun.
    do {
      batch.add(queue.take());
      if (!isEnding.getAsBoolean()) {
        LockSupport.parkNanos(COMPANY_NANOS);
      }
      do {
        queue.drainTo(batch, most - batch.size());
        take.accept(batch);
        batch.clear();
      } while (!queue.isEmpty());
    } while (!isEnding.getAsBoolean());
  }
}
