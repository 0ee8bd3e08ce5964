// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.spi.ExecutorServiceFactory;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of a {@link io.vertx.core.Vertx} for what blocks: as many as are at work at one time,
 * and they end when there is nothing to do. Those of Vert.x are begun one for each of the first
 * twenty jobs, though all of them sleep, and stay: a tenth of a megabyte each. Any thread.
 */
final class BlockingThreads implements ExecutorServiceFactory {
  /** Longer than the pause between two looks at the configuration, which keep one thread alive. */
  private static final Duration IDLE = Duration.ofSeconds(3);

  private final Duration idle;

  BlockingThreads() {
    this(IDLE);
  }

  /**
   * @param idle after which a thread without work ends
   */
  BlockingThreads(Duration idle) {
    this.idle = idle;
  }

  @Override
  public ExecutorService createExecutor(ThreadFactory threads, Integer concurrency, Integer most) {
    return new Pool(most, idle, threads);
  }

  private static final class Pool extends ThreadPoolExecutor {
    Pool(int most, Duration idle, ThreadFactory threads) {
      super(
          1,
          most,
          idle.toMillis(),
          TimeUnit.MILLISECONDS,
          new Handover(),
          threads,
          (job, executor) -> ((Pool) executor).keep(job));
      allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable job) {
      try {
        super.execute(job);
      } catch (OutOfMemoryError e) {
        // The system gives no more threads: a limit of processes has been reached.
        keep(job);
      }
    }

    /** All threads are at work: the first that has done takes it. */
    private void keep(Runnable job) {
      if (isShutdown()) {
        throw new RejectedExecutionException("shut down");
      }
      ((Handover) getQueue()).keep(job);
      if ((!hasThread() || isShutdown()) && remove(job)) {
        // Vert.x's queues of jobs go on after this, and after nothing else.
        throw new RejectedExecutionException("shut down, or there is no thread");
      }
    }

    /** Begins one in case the last has just ended; does nothing while there is any. */
    private boolean hasThread() {
      try {
        boolean unused = prestartCoreThread();
        return true;
      } catch (OutOfMemoryError e) {
        return false;
      }
    }
  }

  /** Takes a job only when a thread waits for one; else the executor begins another thread. */
  private static final class Handover extends LinkedTransferQueue<Runnable> {
    private static final long serialVersionUID = 1;

    @Override
    public boolean offer(Runnable job) {
      return tryTransfer(job);
    }

    /** Other methods would do, but in some Javas they are made of {@link #offer}. */
    void keep(Runnable job) {
      boolean unused = super.offer(job);
    }
  }
}
