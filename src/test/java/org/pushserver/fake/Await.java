// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** How a test waits, on its own thread: always for an event, and never for ever. */
public final class Await {
  /** Long enough for a machine that is busy with other things. */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Between two looks at what tells nobody that it has changed. */
  private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(2);

  private Await() {}

  /**
   * Waits for a result.
   *
   * @throws CompletionException with the cause, when it fails instead
   */
  @CanIgnoreReturnValue
  public static <T> T await(Future<T> future) {
    return await(future.toCompletionStage());
  }

  /** The same, for a result of the JDK's. */
  @CanIgnoreReturnValue
  public static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("nothing came within " + PATIENCE.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("the test was given up while it waited", e);
    }
  }

  /** Waits for all results. */
  @CanIgnoreReturnValue
  public static <T> List<T> awaitAll(List<Future<T>> futures) {
    await(Future.all(futures));
    return futures.stream().map(Future::result).toList();
  }

  /** Waits for a failure; tells its cause. */
  public static Throwable failure(Future<?> future) {
    return failure(future.toCompletionStage());
  }

  /** The same, for a result of the JDK's. */
  public static Throwable failure(CompletionStage<?> stage) {
    try {
      throw new AssertionError("did not fail, but gave " + await(stage));
    } catch (CompletionException e) {
      return e.getCause();
    }
  }

  /**
   * Waits for what tells nobody when it comes, by looking at it again and again.
   *
   * @param state what to say when it does not come
   */
  public static void until(Callable<Boolean> condition, Supplier<String> state) throws Exception {
    until(PATIENCE, condition, state);
  }

  /** The same, with another patience. */
  public static void until(Duration patience, Callable<Boolean> condition, Supplier<String> state)
      throws Exception {
    long end = System.nanoTime() + patience.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within " + patience.toSeconds() + " s: " + state.get());
      }
      LockSupport.parkNanos(LOOK_NS);
    }
  }
}
