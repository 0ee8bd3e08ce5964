// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.Await;

class BlockingThreadsTest {
  private static final int MOST = 3;

  private final ExecutorService threads =
      new BlockingThreads().createExecutor(Thread::new, MOST, MOST);

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  /** Begins as many jobs as given, which all wait for the latch. */
  private List<Future<Thread>> begin(int jobs, CountDownLatch go) {
    Callable<Thread> job =
        () -> {
          go.await();
          return Thread.currentThread();
        };
    List<Future<Thread>> all = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      all.add(threads.submit(job));
    }
    return all;
  }

  private int count() {
    return ((ThreadPoolExecutor) threads).getPoolSize();
  }

  @Test
  void aThreadThatSleepsTakesTheNextJob() throws Exception {
    Thread first = threads.submit(Thread::currentThread).get();
    Await.until(() -> first.getState() == Thread.State.TIMED_WAITING, () -> "it works on");
    assertSame(first, threads.submit(Thread::currentThread).get());
    assertEquals(1, count());
  }

  @Test
  void aJobThatBlocksHoldsUpNoOther() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    List<Future<Thread>> blocked = begin(MOST - 1, go);
    Thread free = threads.submit(Thread::currentThread).get(10, TimeUnit.SECONDS);
    go.countDown();
    for (Future<Thread> one : blocked) {
      assertNotSame(free, one.get());
    }
  }

  @Test
  void moreJobsThanThreadsWaitAndAreAllDone() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    List<Future<Thread>> all = begin(100, go);
    assertEquals(MOST, count());
    go.countDown();
    Set<Thread> used = ConcurrentHashMap.newKeySet();
    for (Future<Thread> one : all) {
      used.add(one.get(10, TimeUnit.SECONDS));
    }
    assertEquals(MOST, used.size());
  }

  @Test
  void threadsWithoutWorkEnd() throws Exception {
    ThreadPoolExecutor impatient =
        (ThreadPoolExecutor)
            new BlockingThreads(Duration.ofMillis(1)).createExecutor(Thread::new, MOST, MOST);
    Thread used = impatient.submit(Thread::currentThread).get();
    used.join(Await.PATIENCE.toMillis());
    assertEquals(0, impatient.getPoolSize());
    assertEquals(2, impatient.submit(() -> 2).get());
    impatient.shutdown();
  }

  @Test
  void noJobIsTakenAfterTheEnd() {
    CountDownLatch never = new CountDownLatch(1);
    List<Future<Thread>> blocked = begin(MOST, never);
    assertEquals(MOST, blocked.size());
    threads.shutdown();
    assertThrows(RejectedExecutionException.class, () -> threads.submit(() -> 1));
  }

  /** A thread, of which the system gives so many. */
  private static Thread scarce(Runnable job, AtomicInteger left) {
    if (left.getAndDecrement() <= 0) {
      throw new OutOfMemoryError("unable to create native thread");
    }
    return new Thread(job);
  }

  private static ExecutorService of(AtomicInteger left) {
    return new BlockingThreads().createExecutor(job -> scarce(job, left), MOST, MOST);
  }

  @Test
  void whereNoMoreThreadCanBeMadeAJobWaitsForOneThatIsThere() throws Exception {
    ExecutorService few = of(new AtomicInteger(1));
    CountDownLatch go = new CountDownLatch(1);
    Callable<Thread> job =
        () -> {
          go.await();
          return Thread.currentThread();
        };
    Future<Thread> first = few.submit(job);
    Future<Thread> second = few.submit(job);
    go.countDown();
    assertSame(first.get(10, TimeUnit.SECONDS), second.get(10, TimeUnit.SECONDS));
    few.shutdown();
  }

  @Test
  void whereNoThreadCanBeMadeAtAllAJobIsRefusedAndTheNextOneTriesAgain() throws Exception {
    AtomicInteger left = new AtomicInteger();
    ExecutorService none = of(left);
    AtomicInteger done = new AtomicInteger();
    // As Vert.x awaits it: a queue of jobs would be stuck for ever after an error.
    assertThrows(RejectedExecutionException.class, () -> none.execute(done::getAndIncrement));
    left.set(1);
    assertEquals(1, none.submit(done::incrementAndGet).get(10, TimeUnit.SECONDS));
    none.shutdown();
  }
}
