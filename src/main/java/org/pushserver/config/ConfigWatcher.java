// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that what is in configuration files has become another, and says so once they rest: when
 * two looks in a row, a second apart, see the same. Editors that replace files, and links that are
 * turned (certbot, Kubernetes), are seen as what they come to. A file that is missing or cannot be
 * read is a state like any other.
 *
 * <p>It looks every two seconds, on a worker thread, never twice at a time. Files that seem
 * untouched are not read, except once a minute: so an edit that leaves size and date as they were
 * is noticed, too.
 *
 * <p>All methods may be called on any thread.
 */
public final class ConfigWatcher {
  private static final long POLL_MS = 2_000;
  private static final long REST_MS = 1_000;
  private static final long THOROUGH_NS = TimeUnit.MINUTES.toNanos(1);

  /** Files that never rest must not keep a change back for good: so many looks are waited. */
  private static final int PATIENCE = 30;

  private static final int NAMED = 5;
  private static final Logger LOG = LoggerFactory.getLogger(ConfigWatcher.class);

  private final Context context;
  private final Time time;
  private final Supplier<List<Path>> watched;
  private final Consumer<Boolean> changed;
  private final WatchedFiles files = new WatchedFiles();

  // On the context's event loop alone.
  private Future<Boolean> lastLook = Future.succeededFuture(false);
  private Map<Path, String> told;
  private Map<Path, String> unrested;
  private int restless;
  private long thoroughAt;
  private long timer;
  private boolean failing;
  private boolean closed;

  /**
   * @param watched the files and folders to look at, such as {@link Settings#watched}; folders with
   *     all that is in them. Asked before each look, on a worker thread. That the list is another
   *     counts as a change of what is in it
   * @param changed told of each change, and whether somebody asked for a look; on an event loop, so
   *     it must not block
   */
  public ConfigWatcher(
      Vertx vertx, Time time, Supplier<List<Path>> watched, Consumer<Boolean> changed) {
    this.context = vertx.getOrCreateContext();
    this.time = Objects.requireNonNull(time, "time");
    this.watched = Objects.requireNonNull(watched, "watched");
    this.changed = Objects.requireNonNull(changed, "changed");
  }

  /**
   * Begins to watch, once. What changed before is not noticed, so start it before the files are
   * read, or at once after.
   *
   * @return completes when the first look has been taken; does not fail
   */
  public Future<Void> start() {
    return onLoop(() -> look(false).onComplete(first -> again()).mapEmpty());
  }

  /**
   * Looks now, reading every file, and does not wait until they rest: who asks says that they do.
   *
   * @return completes with whether there was a change, after it was called back; does not fail
   */
  public Future<Boolean> checkNow() {
    return onLoop(() -> look(true));
  }

  /**
   * Ends watching.
   *
   * @return completes when nothing will be called back any more
   */
  public Future<Void> close() {
    return onLoop(
        () -> {
          closed = true;
          time.cancel(timer);
          return Future.succeededFuture();
        });
  }

  private <T> Future<T> onLoop(Supplier<Future<T>> task) {
    Promise<T> promise = Promise.promise();
    context.runOnContext(turn -> task.get().onComplete(promise));
    return promise.future();
  }

  private void again() {
    if (!closed) {
      long delay = unrested == null ? POLL_MS : REST_MS;
      timer = time.timer(delay, () -> look(false).onComplete(done -> again()));
    }
  }

  private Future<Boolean> look(boolean asked) {
    lastLook =
        lastLook
            .compose(before -> lookAtFiles(asked))
            .recover(
                cause -> {
                  log(cause);
                  return Future.succeededFuture(false);
                });
    return lastLook;
  }

  /** Once for as long as it lasts: it looks all the time. */
  private void log(Throwable cause) {
    if (!failing) {
      failing = true;
      LOG.error(
          "changed files cannot be looked for, which is a fault of Pushserver; it tries again all"
              + " the time, but until then no edit is used; please report this line and those"
              + " below it",
          cause);
    }
  }

  private Future<Boolean> lookAtFiles(boolean asked) {
    boolean thorough = asked || told == null || time.nanos() - thoroughAt >= THOROUGH_NS;
    if (thorough) {
      thoroughAt = time.nanos();
    }
    return context
        .executeBlocking(() -> files.look(watched.get(), thorough), false)
        .map(seen -> judge(seen, asked));
  }

  private boolean judge(Map<Path, String> seen, boolean asked) {
    if (failing) {
      failing = false;
      LOG.info("changed files can be looked for again");
    }
    if (told == null) {
      told = seen;
    }
    if (closed || seen.equals(told)) {
      unrested = null;
      restless = 0;
      return false;
    }
    restless++;
    if (!asked && !seen.equals(unrested) && restless < PATIENCE) {
      unrested = seen;
      return false;
    }
    LOG.info("changed: {}", difference(told, seen));
    told = seen;
    unrested = null;
    restless = 0;
    changed.accept(asked);
    return true;
  }

  private static String difference(Map<Path, String> before, Map<Path, String> after) {
    List<Path> paths =
        Stream.concat(before.keySet().stream(), after.keySet().stream())
            .distinct()
            .filter(path -> !Objects.equals(before.get(path), after.get(path)))
            .sorted()
            .toList();
    String names =
        paths.stream().limit(NAMED).map(Path::toString).collect(Collectors.joining(", "));
    return paths.size() <= NAMED ? names : names + " and " + (paths.size() - NAMED) + " more";
  }
}
