// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * The searches in the trail of a running server, on threads of their own, a few at a time. Any
 * thread.
 */
public final class TrailSearch {
  /** More would only get into each other's way. */
  private static final int AT_ONCE = 2;

  /** Those that run, and those that wait for one of them to end. */
  private static final int MOST = 32;

  private final FileSearch files;
  private final Function<TrailQuery, Future<List<TrailEntry>>> waiting;
  private final WorkerExecutor threads;
  private final AtomicInteger searches = new AtomicInteger();

  /**
   * @param waiting finds what has not ended yet
   */
  TrailSearch(
      Vertx vertx, TrailFiles files, Function<TrailQuery, Future<List<TrailEntry>>> waiting) {
    this.files = new FileSearch(files, System::nanoTime);
    this.waiting = waiting;
    this.threads = vertx.createSharedWorkerExecutor("pushserver-trail-search", AT_ONCE);
  }

  /**
   * Searches the files of a server that need not run. Blocks.
   *
   * @param folder where they are; need not be there
   * @throws IllegalArgumentException when the cursor is none
   */
  public static TrailPage offline(Path folder, TrailQuery query) {
    return new FileSearch(new TrailFiles(folder), System::nanoTime).search(query, List.of());
  }

  /**
   * Searches.
   *
   * @return completes on the caller's context; fails with {@link IllegalArgumentException} when the
   *     cursor is none, with {@link TrailBusyException} when too many search
   */
  Future<TrailPage> search(TrailQuery query) {
    if (searches.incrementAndGet() > MOST) {
      searches.decrementAndGet();
      return Future.failedFuture(new TrailBusyException());
    }
    return waiting
        .apply(query)
        .compose(now -> threads.executeBlocking(() -> files.search(query, now), false))
        .onComplete(done -> searches.decrementAndGet());
  }

  /** Ends it; a search that runs is ended within its time. */
  Future<Void> close() {
    return threads.close();
  }
}
