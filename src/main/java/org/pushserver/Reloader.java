// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Set;
import org.pushserver.config.ConfigWatcher;
import org.pushserver.config.Overrides;
import org.pushserver.config.SettingsReader;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the configuration anew when its files have changed, or when told to. What cannot be read
 * changes nothing. Any thread.
 */
final class Reloader {
  private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

  private final SettingsReader reader;
  private final Overrides overrides;
  private final Server server;
  private final ConfigWatcher watcher;

  /** One at a time, in the order in which the changes were seen. */
  private Future<Void> last = Future.succeededFuture();

  private Set<Problem> told = Set.of();

  Reloader(Vertx vertx, Time time, Overrides overrides, Server server) {
    this.reader = new SettingsReader(vertx);
    this.overrides = overrides;
    this.server = server;
    this.watcher = new ConfigWatcher(vertx, time, () -> server.settings().watched(), this::changed);
  }

  /**
   * Starts to watch; completes when changes are noticed. What has changed since the server read it
   * is applied at once.
   */
  Future<Void> start() {
    return watcher.start().compose(started -> reload());
  }

  private void changed() {
    reload()
        .onSuccess(done -> LOG.info("the configuration was read anew"))
        .onFailure(cause -> LOG.error("the configuration could not be applied", cause));
  }

  /** Looks for changes now, and applies them: what SIGHUP asks for. */
  void check() {
    watcher
        .checkNow()
        .onSuccess(
            changed -> {
              if (!changed) {
                LOG.info("SIGHUP: the configuration is as it was");
              }
            });
  }

  /**
   * Reads and applies the configuration, whether it has changed or not.
   *
   * @return completes when it has been applied, or when it is known why it cannot be
   */
  synchronized Future<Void> reload() {
    last =
        last.transform(before -> reader.read(overrides))
            .compose(
                settings -> {
                  told = Set.of();
                  return server.apply(settings);
                })
            .recover(this::refused);
    return last;
  }

  private Future<Void> refused(Throwable cause) {
    if (!(cause instanceof ConfigException config)) {
      return Future.failedFuture(cause);
    }
    List<Problem> problems = config.problems();
    if (!Set.copyOf(problems).equals(told)) {
      told = Set.copyOf(problems);
      problems.forEach(problem -> LOG.error("{}", problem));
      LOG.error("the changed configuration is not applied; the server goes on as it was");
    }
    return Future.succeededFuture();
  }

  /** Ends watching. */
  Future<Void> close() {
    return watcher.close();
  }
}
