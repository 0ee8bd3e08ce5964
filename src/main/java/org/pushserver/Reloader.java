// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.pushserver.config.ConfigSource;
import org.pushserver.config.ConfigWatcher;
import org.pushserver.config.ServerSettings;
import org.pushserver.config.Settings;
import org.pushserver.config.SettingsReader;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the configuration anew when its files have changed, or when told to. What cannot be read
 * changes nothing. Any thread.
 */
final class Reloader {
  /**
   * What is wrong is read once more, so long after: it may have been caught half written, and be
   * again what it was before anybody looks.
   */
  private static final long SECOND_THOUGHT_MS = 2_000;

  private static final long NONE = -1;

  private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

  private final Vertx vertx;
  private final Time time;
  private final SettingsReader reader;
  private final Consumer<ServerSettings> process;
  private final Server server;
  private final ConfigWatcher watcher;

  /** What is read anew; one reload at a time sets it. */
  private volatile ConfigSource source;

  /** One at a time, in the order in which the changes were seen. */
  private Future<Boolean> last = Future.succeededFuture(true);

  /** The timers; one reload at a time sets them. */
  private volatile long lookAgain = NONE;

  private volatile long secondThought = NONE;

  private volatile boolean closed;

  /**
   * @param reader that read what the server runs with
   * @param source what it read
   * @param process told what of the settings is not the server's own, such as how to log, on a
   *     worker thread, before anything else of a configuration is used
   */
  Reloader(
      Vertx vertx,
      Time time,
      SettingsReader reader,
      ConfigSource source,
      Server server,
      Consumer<ServerSettings> process) {
    this.vertx = vertx;
    this.time = time;
    this.reader = reader;
    this.source = source;
    this.process = process;
    this.server = server;
    this.watcher =
        new ConfigWatcher(vertx, time, this::watched, asked -> announced("it has changed", asked));
  }

  /** Also what only a refused configuration names: it may be a file that has to come yet. */
  private List<Path> watched() {
    Set<Path> paths = new LinkedHashSet<>(server.settings().watched());
    paths.addAll(reader.named());
    return List.copyOf(paths);
  }

  /**
   * Starts to watch; completes when changes are noticed. What has changed since the server read it
   * is applied at once. Does not fail.
   */
  Future<Void> start() {
    return watcher.start().compose(started -> reload()).mapEmpty();
  }

  /**
   * Reads and applies the configuration because somebody asks for it, also when no file seems to
   * have changed.
   *
   * @return completes as {@link #reload} does
   */
  @CanIgnoreReturnValue
  Future<Boolean> check() {
    return watcher
        .checkNow()
        .compose(changed -> changed ? latest() : announced("no file has changed", true));
  }

  private synchronized Future<Boolean> latest() {
    return last;
  }

  @CanIgnoreReturnValue
  private Future<Boolean> announced(String why, boolean asked) {
    return reload(asked)
        .onSuccess(
            applied -> {
              if (applied) {
                LOG.info("the configuration was read anew and is in use: {}", why);
              } else {
                LOG.error("the configuration cannot be used; the server goes on as it was");
              }
            });
  }

  /**
   * Reads and applies the configuration, whether it has changed or not.
   *
   * @return completes with true when new pushes meet it, with false when it cannot be used, which
   *     has been logged; does not fail
   */
  @CanIgnoreReturnValue
  Future<Boolean> reload() {
    return reload(false);
  }

  /**
   * @param asked whether somebody says that the files are as they are meant
   */
  private synchronized Future<Boolean> reload(boolean asked) {
    // Whatever became of the one before.
    last =
        last.transform(
            before ->
                closed
                    ? Future.succeededFuture(false)
                    : readAndApply(source, asked).recover(this::failed));
    return last;
  }

  /**
   * Goes on with another configuration, if it can be used.
   *
   * @return as {@link #reload} does
   */
  synchronized Future<Boolean> apply(ConfigSource next) {
    last =
        last.transform(
            before ->
                closed
                    ? Future.succeededFuture(false)
                    : readAndApply(next, true).recover(this::failed));
    return last;
  }

  private Future<Boolean> readAndApply(ConfigSource from, boolean asked) {
    return reader
        .again(server.settings(), from)
        .compose(this::unlessClosed)
        .compose(settings -> server.apply(settings, asked))
        .map(
            news -> {
              source = from;
              readOnceMoreAfter(news);
              lookAgainAfter(server.lookAgainAfter());
              return true;
            })
        .otherwise(this::refused);
  }

  private Future<Boolean> failed(Throwable cause) {
    tell("it could not be read", cause);
    return Future.succeededFuture(false);
  }

  /** What has gone is believed only then. */
  private void lookAgainAfter(long ms) {
    time.cancel(lookAgain);
    if (ms > 0 && !closed) {
      lookAgain = time.timer(ms, this::reload);
    }
  }

  private Future<Settings> unlessClosed(Settings settings) {
    if (closed) {
      settings.plugins().release();
      return Future.failedFuture("the server has been stopped");
    }
    return vertx.executeBlocking(
        () -> {
          process.accept(settings.server());
          return settings;
        });
  }

  private boolean refused(Throwable cause) {
    if (cause instanceof ConfigException config) {
      readOnceMoreAfter(server.refuse(config.problems()));
    } else if (!closed) {
      tell("it could not be applied", cause);
    }
    return false;
  }

  /** In health, too, until a configuration is used again. */
  private void tell(String what, Throwable cause) {
    server.failed(what + ", which is a fault of Pushserver; the log says more");
    LOG.error(
        "the configuration: {}, which is a fault of Pushserver; what runs goes on, and the next"
            + " change or SIGHUP is tried again; please report this line and those below it",
        what,
        cause);
  }

  private void readOnceMoreAfter(boolean news) {
    time.cancel(secondThought);
    if (news && !closed) {
      secondThought = time.timer(SECOND_THOUGHT_MS, this::reload);
    }
  }

  /**
   * Ends watching, and applies nothing more but what is being applied: {@link Server#stop} waits
   * for that.
   */
  Future<Void> close() {
    closed = true;
    time.cancel(lookAgain);
    time.cancel(secondThought);
    return watcher.close();
  }

  /** Completes when nothing is being read or applied any more, once closed; does not fail. */
  synchronized Future<Void> idle() {
    return last.transform(ended -> Future.succeededFuture());
  }
}
