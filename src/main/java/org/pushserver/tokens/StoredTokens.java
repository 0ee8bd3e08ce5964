// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.pushserver.spi.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store of a server that keeps tokens in a file: opened when it is first needed, tried again
 * while it cannot be, and said to the log once when that changes. Any thread.
 */
public final class StoredTokens implements TokenStore {
  private static final Logger LOG = LoggerFactory.getLogger(StoredTokens.class);

  private static final String KIND = "SQLite";
  private static final long EACH_MS = 1000;

  private final Path file;
  private final int cached;

  /** Begun with the first use: who stores nothing has no thread for it. */
  private ScheduledExecutorService thread;

  private Promise<SqliteTokenStore> waiting;
  private boolean closed;
  private volatile SqliteTokenStore store;

  /** Why it cannot be opened; empty before it was tried, too. */
  private volatile String problem = "";

  private String told = "";

  /** On the thread: whether the file could not be looked at the last time. */
  private boolean isUnseen;

  /**
   * @param file need not be there, nor its folder
   * @param cached how many accounts are kept in memory, about
   */
  public StoredTokens(Path file, int cached) {
    this.file = file;
    this.cached = cached;
  }

  /**
   * Opens it now if it is there, and not only with the first question. Returns at once; what goes
   * wrong is logged, and is no reason not to start.
   *
   * @param always whether it is made, too, when it is not there
   */
  public void start(boolean always) {
    if (always || Files.exists(file)) {
      var unused = opened();
    }
  }

  /** Whether there is none: then it is not made for those who only count, or clear up. */
  private boolean isUnused() {
    synchronized (this) {
      if (thread != null) {
        return false;
      }
    }
    return !Files.exists(file);
  }

  private synchronized Future<SqliteTokenStore> opened() {
    if (closed) {
      return Future.failedFuture(new TokenStoreException(ChangeWriter.STOPPING));
    }
    if (store != null) {
      return Future.succeededFuture(store);
    }
    if (!problem.isEmpty()) {
      return Future.failedFuture(new TokenStoreException(problem));
    }
    if (waiting == null) {
      waiting = Promise.promise();
    }
    if (thread == null) {
      thread =
          Executors.newSingleThreadScheduledExecutor(
              task -> {
                Thread made = new Thread(task, "tokens-upkeep");
                made.setDaemon(true);
                return made;
              });
      var unused = thread.scheduleWithFixedDelay(this::tend, 0, EACH_MS, TimeUnit.MILLISECONDS);
    }
    return waiting.future();
  }

  private void tend() {
    try {
      SqliteTokenStore open = store;
      if (open == null) {
        open();
      } else if (isReplaced(open)) {
        LOG.warn(
            "the file of stored tokens {} has gone, or another one is in its place: what is there"
                + " now is used",
            file);
        store = null;
        Future<Void> unused = open.close();
      } else if (!open.state().isUsable()) {
        open.probe();
      }
      say();
    } catch (RuntimeException | Error e) {
      LOG.error(
          "the store of tokens has failed, which is a fault of Pushserver; it goes on; please report"
              + " this line and those below it",
          e);
    }
  }

  /** What cannot be looked at is no other file: who has it open goes on with it. */
  private boolean isReplaced(SqliteTokenStore open) {
    try {
      boolean replaced = open.isReplaced();
      if (isUnseen) {
        LOG.info("the file of stored tokens {} can be seen again", file);
        isUnseen = false;
      }
      return replaced;
    } catch (IOException e) {
      if (!isUnseen) {
        LOG.warn(
            "it cannot be seen whether the file of stored tokens {} is still the same ({}): it is used"
                + " as before; look at its disk",
            file,
            Reason.of(e));
        isUnseen = true;
      }
      return false;
    }
  }

  private void open() {
    if (store != null) {
      return;
    }
    SqliteTokenStore opened = null;
    String why = "";
    try {
      opened = SqliteTokenStore.open(file, cached);
    } catch (TokenStoreException e) {
      why = e.getMessage();
      LOG.debug("{}", file, e);
    } catch (RuntimeException | LinkageError e) {
      why = file + " cannot be opened: " + e;
      LOG.debug("{}", file, e);
    }
    Promise<SqliteTokenStore> told;
    boolean late;
    synchronized (this) {
      late = closed;
      problem = why;
      store = late ? null : opened;
      told = waiting;
      waiting = null;
    }
    if (late && opened != null) {
      Future<Void> unused = opened.close();
    }
    if (told != null) {
      if (opened == null || late) {
        told.fail(new TokenStoreException(late ? ChangeWriter.STOPPING : why));
      } else {
        told.complete(opened);
      }
    }
  }

  private void say() {
    String now = state().problem();
    if (now.equals(told)) {
      return;
    }
    told = now;
    if (now.isEmpty()) {
      LOG.info("stored tokens can be used again");
    } else {
      LOG.error("stored tokens cannot be used: {}; pushes by POST /push go on", now);
    }
  }

  private <T> Future<T> ask(Function<TokenStore, Future<T>> question) {
    SqliteTokenStore open = store;
    if (open != null) {
      return question.apply(open);
    }
    Promise<T> answer = SqliteTokenStore.promise();
    Future<SqliteTokenStore> unused =
        opened()
            .onFailure(answer::fail)
            .onSuccess(
                opened -> {
                  Future<T> unusedAnswer = question.apply(opened).onComplete(answer);
                });
    return answer.future();
  }

  @Override
  public Future<Void> add(StoredToken token) {
    return ask(open -> open.add(token));
  }

  @Override
  public Future<Addition> addUnlessNewer(StoredToken token) {
    return ask(open -> open.addUnlessNewer(token));
  }

  @Override
  public Future<List<Addition>> addUnlessNewer(List<StoredToken> tokens) {
    return ask(open -> open.addUnlessNewer(tokens));
  }

  @Override
  public Future<Removal> remove(String account, String appId, String deviceId) {
    return ask(open -> open.remove(account, appId, deviceId));
  }

  @Override
  public Future<List<StoredToken>> devices(String account) {
    return ask(open -> open.devices(account));
  }

  @Override
  public Future<Integer> dead(DeadDevice dead) {
    return isUnused() ? Future.succeededFuture(0) : ask(open -> open.dead(dead));
  }

  @Override
  public void seen(StoredToken token, long now) {
    SqliteTokenStore open = store;
    if (open != null) {
      open.seen(token, now);
    }
  }

  @Override
  public Future<TokenPage> list(String after, int most) {
    return isUnused()
        ? Future.succeededFuture(new TokenPage(List.of(), null))
        : ask(open -> open.list(after, most));
  }

  @Override
  public Future<TokenCount> count() {
    return isUnused()
        ? Future.succeededFuture(new TokenCount(0, Map.of()))
        : ask(TokenStore::count);
  }

  @Override
  public TokenStoreState state() {
    SqliteTokenStore open = store;
    return open != null ? open.state() : new TokenStoreState(KIND, problem.isEmpty(), problem);
  }

  /** How often an account was found in memory. */
  public long hits() {
    SqliteTokenStore open = store;
    return open == null ? 0 : open.hits();
  }

  /** How often an account had to be read. */
  public long misses() {
    SqliteTokenStore open = store;
    return open == null ? 0 : open.misses();
  }

  @Override
  public void share() {
    SqliteTokenStore open = store;
    if (open != null) {
      open.share();
    }
  }

  @Override
  public Future<Void> close() {
    SqliteTokenStore open;
    Promise<SqliteTokenStore> late;
    synchronized (this) {
      closed = true;
      if (thread != null) {
        thread.shutdown();
      }
      late = waiting;
      waiting = null;
      open = store;
    }
    if (late != null) {
      late.fail(new TokenStoreException(ChangeWriter.STOPPING));
    }
    return open == null ? Future.succeededFuture() : open.close();
  }
}
