// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import org.pushserver.spi.Time;

/**
 * Time that passes only when a test says so. Any thread.
 *
 * <p>A timer's task runs on the Vert.x context that set it, as it does in earnest; set without one,
 * it runs within {@link #advance}.
 */
public final class ManualTime implements Time {
  /** 1 March 2026, 12:00 UTC: where the clock stands unless told otherwise. */
  public static final long START = 1_772_366_400_000L;

  private record Timer(long id, long at, Context context, Runnable task) {}

  private record Watch(LongPredicate delay, Promise<Long> seen) {}

  private final Map<Long, Timer> timers = new HashMap<>();
  private final List<Watch> watches = new ArrayList<>();
  private long start;
  private long elapsedMs;
  private long lastId;

  public ManualTime() {
    this(START);
  }

  /**
   * @param start where the wall clock stands, milliseconds since the epoch
   */
  public ManualTime(long start) {
    this.start = start;
  }

  @Override
  public synchronized long now() {
    return start + elapsedMs;
  }

  /** Sets the wall clock forward by so much, or back by a negative time; nothing else notices. */
  public synchronized void setClock(Duration by) {
    start += by.toMillis();
  }

  @Override
  public synchronized long nanos() {
    return TimeUnit.MILLISECONDS.toNanos(elapsedMs);
  }

  @Override
  public long timer(long delayMs, Runnable task) {
    List<Watch> hit = new ArrayList<>();
    long id;
    synchronized (this) {
      id = ++lastId;
      timers.put(id, new Timer(id, elapsedMs + delayMs, Vertx.currentContext(), task));
      watches.stream().filter(watch -> watch.delay().test(delayMs)).forEach(hit::add);
      watches.removeAll(hit);
    }
    hit.forEach(watch -> watch.seen().tryComplete(delayMs));
    return id;
  }

  @Override
  public synchronized void cancel(long timerId) {
    timers.remove(timerId);
  }

  /**
   * Lets time pass, and starts what falls due on the way, each task at its own time.
   *
   * @return completes when these tasks have run
   */
  @CanIgnoreReturnValue
  public Future<Void> advance(Duration duration) {
    List<Future<Void>> runs = new ArrayList<>();
    long end = nowAnd(duration);
    for (Optional<Timer> due = next(end); due.isPresent(); due = next(end)) {
      runs.add(run(due.get()));
    }
    stopAt(end);
    return Future.join(runs).mapEmpty();
  }

  /**
   * Lets time pass as {@link #advance} does, but it stands still while a task runs: what reads it
   * twice in one turn reads the same.
   *
   * @return completes when these tasks have run and the time is reached
   */
  public Future<Void> advanceInTurn(Duration duration) {
    return untilNoneIsDue(nowAnd(duration));
  }

  private Future<Void> untilNoneIsDue(long end) {
    Optional<Timer> due = next(end);
    if (due.isPresent()) {
      return run(due.get()).compose(done -> untilNoneIsDue(end));
    }
    stopAt(end);
    return Future.succeededFuture();
  }

  private synchronized long nowAnd(Duration duration) {
    return elapsedMs + duration.toMillis();
  }

  private synchronized void stopAt(long end) {
    elapsedMs = end;
  }

  private static Future<Void> run(Timer timer) {
    if (timer.context() == null) {
      timer.task().run();
      return Future.succeededFuture();
    }
    Promise<Void> run = Promise.promise();
    timer
        .context()
        .runOnContext(
            turn -> {
              try {
                timer.task().run();
              } finally {
                run.complete();
              }
            });
    return run.future();
  }

  private synchronized Optional<Timer> next(long end) {
    Optional<Timer> due =
        timers.values().stream()
            .filter(timer -> timer.at() <= end)
            .min(Comparator.comparingLong(Timer::at).thenComparingLong(Timer::id));
    due.ifPresent(
        timer -> {
          timers.remove(timer.id());
          elapsedMs = Math.max(elapsedMs, timer.at());
        });
    return due;
  }

  /**
   * Waits for the next timer to be set with such a delay, in milliseconds.
   *
   * @return completes with the delay; the timer stands when it does
   */
  public synchronized Future<Long> untilTimer(LongPredicate delay) {
    Watch watch = new Watch(delay, Promise.promise());
    watches.add(watch);
    return watch.seen().future();
  }

  /** How many timers wait. */
  public synchronized int pending() {
    return timers.size();
  }
}
