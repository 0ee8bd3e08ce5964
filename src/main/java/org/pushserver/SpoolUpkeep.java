// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.pushserver.config.Settings;
import org.pushserver.config.SpoolSettings;
import org.pushserver.dispatch.Fleet;
import org.pushserver.push.AppKey;
import org.pushserver.queue.KeptPush;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.pushserver.spool.SpoolException;
import org.pushserver.spool.SpoolNews;
import org.pushserver.spool.SpoolStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The spool of a server: what is said of it in the log, and what happens to what a former process
 * has left for applications that do not run. Loaded only when there is one. Any thread.
 *
 * <p>There is room for two, side by side: a server that takes the place of another one begins with
 * the one that the other has not got, and takes over what is left in that when the other has ended.
 */
final class SpoolUpkeep {
  private static final Logger LOG = LoggerFactory.getLogger(SpoolUpkeep.class);
  private static final long LOOK_MS = 1_000;

  private final Vertx vertx;
  private final Time time;
  private final SpoolSettings settings;
  private final SpoolStore store;
  private final Set<AppKey> named = new HashSet<>();

  /** The spool of the server whose place this one takes; null when there is none any more. */
  private Path other;

  private String lastWords = "";

  private Fleet fleet;
  private volatile boolean closed;

  private SpoolUpkeep(
      Vertx vertx, Time time, SpoolSettings settings, SpoolStore store, Path other) {
    this.vertx = vertx;
    this.time = time;
    this.settings = settings;
    this.store = store;
    this.other = other;
  }

  /**
   * Opens it. Blocks.
   *
   * @param takesOver whether another server, which still runs, is to end then
   * @throws ConfigException when it cannot be used
   */
  static SpoolUpkeep open(Vertx vertx, Time time, Settings settings, boolean takesOver)
      throws ConfigException {
    SpoolSettings spool = settings.server().spool();
    Path first = spool.folder().resolve("a");
    Path second = spool.folder().resolve("b");
    try {
      SpoolStore store;
      Path other = Files.exists(second) ? second : null;
      try {
        store = store(first, spool, time);
      } catch (SpoolException e) {
        if (!takesOver) {
          throw e;
        }
        store = store(second, spool, time);
        other = first;
      }
      SpoolUpkeep upkeep = new SpoolUpkeep(vertx, time, spool, store, other);
      if (!takesOver) {
        upkeep.adoptAtOnce();
      }
      if (store.replayed() > 0) {
        LOG.info("{} pushes were left in the spool: they go on", store.replayed());
      }
      return upkeep;
    } catch (SpoolException e) {
      throw new ConfigException(
          new Problem(
              Problem.Severity.FATAL, settings.general(), "server", "spool", e.getMessage()));
    }
  }

  private static SpoolStore store(Path folder, SpoolSettings settings, Time time)
      throws SpoolException {
    return SpoolStore.open(folder, settings.after(), new Words(folder), time.now());
  }

  /** What is said of it in the log. */
  private record Words(Path folder) implements SpoolNews {
    @Override
    public void damaged(String words) {
      LOG.error("spool: {}", words);
    }

    @Override
    public void failing(String problem) {
      LOG.error(
          "spool: pushes cannot be kept: {}; who does not wait for the end of a push is answered"
              + " 503 until they can",
          problem);
    }

    @Override
    public void working() {
      LOG.info("spool: pushes are kept again in {}", folder);
    }
  }

  /** Where pushes are kept. */
  SpoolStore store() {
    return store;
  }

  /** Begins to look after what nobody has taken up; when the applications run. */
  void watch(Fleet running) {
    fleet = running;
    if (other != null || !store.untaken().isEmpty()) {
      look();
    }
  }

  private void look() {
    if (closed) {
      return;
    }
    name();
    for (KeptPush over : store.untakenOver(time.now())) {
      fleet.unseen().expired(over);
      store.ended(over.push().id()).onFailure(cause -> LOG.debug("it may come back", cause));
    }
    if (other == null) {
      lookAgain();
    } else {
      vertx
          .executeBlocking(this::adopt)
          .onFailure(this::tell)
          .onSuccess(
              isDone -> {
                if (isDone) {
                  fleet.takeUpLeft();
                }
              })
          .onComplete(done -> lookAgain());
    }
  }

  private void lookAgain() {
    if (!closed && (other != null || !store.untaken().isEmpty())) {
      long unused = time.timer(LOOK_MS, this::look);
    }
  }

  private void name() {
    store
        .untaken()
        .forEach(
            (app, count) -> {
              if (named.add(app)) {
                LOG.warn(
                    "spool: {} pushes are for {}, which does not run: they stay until it does, or"
                        + " expire",
                    count,
                    app);
              }
            });
  }

  /**
   * Before anything new is taken; what stays where it is must not keep the server from its start.
   */
  private void adoptAtOnce() {
    try {
      boolean unused = adopt();
    } catch (SpoolException e) {
      tell(e);
    }
  }

  /** Once, until it is another thing. */
  private void tell(Throwable cause) {
    String words = Reason.of(cause);
    if (words.equals(lastWords)) {
      LOG.debug("still", cause);
    } else {
      lastWords = words;
      LOG.warn("spool: what is in {} stays there: {}", other, words);
    }
  }

  /** Takes over what is in the other spool, if it is free; false while it is not. */
  private boolean adopt() throws SpoolException {
    if (other == null) {
      return false;
    }
    SpoolStore left;
    try {
      left = store(other, settings, time);
    } catch (SpoolException e) {
      if (!e.isHeld()) {
        throw e;
      }
      LOG.debug("not yet", e);
      return false;
    }
    int count = store.adopt(left);
    other = null;
    if (count > 0) {
      LOG.info("spool: {} pushes were left by another server: they go on", count);
    }
    return true;
  }

  /** Gives it up: what is in it is for the next server. Completes soon. */
  Future<Void> close() {
    closed = true;
    return store.close();
  }
}
