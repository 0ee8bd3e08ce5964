// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Statement;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.pushserver.config.CassandraSettings;
import org.pushserver.tokens.TokenStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the cluster. It opens by itself, and comes back by itself. While it is down, questions
 * fail at once: a cluster that is frozen would else cost each of them its whole time-out. Whether
 * it is up again, one question a second finds out. Any thread.
 */
final class CassandraLink {
  private static final Logger LOG = LoggerFactory.getLogger(CassandraLink.class);
  private static final AccountKey NOBODY = new AccountKey("pushserver", "probe.invalid");

  /** So many time-outs in a row are no accident. */
  private static final int TIME_OUTS = 2;

  private static final long PROBE_MS = 1000;

  /** What the first questions wait for the way to open: loading the driver takes its time, too. */
  private static final long OPENING_MS = 5000;

  /** An open session, and what it was told. */
  private record Way(CqlSession session, TokenTables tables) {}

  private final Vertx vertx;
  private final CassandraSettings settings;
  private final DriverWords words;
  private final Runnable whenUp;
  private final Promise<Void> opening = Promise.promise();
  private final AtomicInteger timeOuts = new AtomicInteger();

  private volatile Way way;

  /** What is wrong; empty while it is up. */
  private volatile String problem;

  private boolean isTold;
  private boolean isClosed;
  private CqlSession session;
  private long timer = -1;

  /**
   * Begins to open it.
   *
   * @param whenUp to be done whenever it is up again, on any thread
   */
  CassandraLink(Vertx vertx, CassandraSettings settings, Runnable whenUp) {
    this.vertx = vertx;
    this.settings = settings;
    this.whenUp = whenUp;
    words = new DriverWords(settings);
    problem = "Cassandra at " + settings.nodes() + " has not answered yet";
    long unused = vertx.setTimer(OPENING_MS, late -> opening.tryComplete());
    open();
  }

  /** What is wrong, in an operator's words; empty when nothing is. */
  String problem() {
    return problem;
  }

  /**
   * Asks something that a push may wait for.
   *
   * @return completes on the caller's context; fails with {@link TokenStoreException}
   */
  Future<AsyncResultSet> ask(Function<TokenTables, Statement<?>> question) {
    return ask(question, true);
  }

  /**
   * The same.
   *
   * @param isQuick false for a question that may take long, and says nothing of the cluster when it
   *     does
   */
  Future<AsyncResultSet> ask(Function<TokenTables, Statement<?>> question, boolean isQuick) {
    Context context = Vertx.currentContext();
    if (way == null && !opening.future().isComplete()) {
      return on(context, opening.future()).compose(done -> askNow(question, isQuick, context));
    }
    return askNow(question, isQuick, context);
  }

  private Future<AsyncResultSet> askNow(
      Function<TokenTables, Statement<?>> question, boolean isQuick, Context context) {
    Way now = way;
    String wrong = problem;
    if (now == null || !wrong.isEmpty()) {
      return Future.failedFuture(new TokenStoreException(wrong));
    }
    return send(now, question.apply(now.tables()), isQuick, context)
        .recover(error -> Future.failedFuture(new TokenStoreException(words.of(error), error)));
  }

  /** The same result on a context, if there is one: told by whoever has it on any thread. */
  static <T> Future<T> on(Context context, Future<T> result) {
    if (context == null) {
      return result;
    }
    Promise<T> there = Promise.promise();
    result.onComplete(done -> context.runOnContext(turn -> there.handle(done)));
    return there.future();
  }

  private Future<AsyncResultSet> send(
      Way over, Statement<?> statement, boolean isQuick, Context context) {
    var answer =
        over.session()
            .executeAsync(statement)
            .whenComplete((result, error) -> note(DriverWords.bare(error), isQuick));
    return context == null
        ? Future.fromCompletionStage(answer).transform(CassandraLink::bare)
        : Future.fromCompletionStage(answer, context).transform(CassandraLink::bare);
  }

  private static <T> Future<T> bare(AsyncResult<T> result) {
    return result.succeeded()
        ? Future.succeededFuture(result.result())
        : Future.failedFuture(DriverWords.bare(result.cause()));
  }

  private void note(Throwable error, boolean isQuick) {
    if (error == null) {
      if (timeOuts.get() != 0) {
        timeOuts.set(0);
      }
      return;
    }
    switch (DriverWords.weight(error)) {
      case SLOW -> {
        if (isQuick && timeOuts.incrementAndGet() >= TIME_OUTS) {
          down(error);
        }
      }
      case DOWN -> down(error);
      case NONE -> {}
    }
  }

  private void open() {
    DriverSession.open(vertx, settings)
        .compose(
            opened -> {
              keep(opened);
              return TokenTables.prepare(opened, settings)
                  .onSuccess(tables -> up(new Way(opened, tables)));
            })
        .onFailure(
            error -> {
              down(DriverWords.bare(error));
              opening.tryComplete();
            });
  }

  private synchronized void keep(CqlSession opened) {
    session = opened;
    if (isClosed) {
      opened.closeAsync();
    }
  }

  private void up(Way over) {
    synchronized (this) {
      if (isClosed) {
        return;
      }
      way = over;
      timeOuts.set(0);
      if (isTold) {
        LOG.info("Cassandra at {} answers again: tokens are stored and found", settings.nodes());
      }
      isTold = false;
      problem = "";
    }
    opening.tryComplete();
    whenUp.run();
  }

  private synchronized void down(Throwable error) {
    if (isClosed) {
      return;
    }
    String wrong = words.of(error);
    if (!isTold) {
      LOG.warn("{}; tokens are neither stored nor removed, known accounts still ring", wrong);
      isTold = true;
    }
    problem = wrong;
    if (timer < 0) {
      timer = vertx.setTimer(PROBE_MS, due -> probe());
    }
  }

  /** One try: on the way that there is, or to open one. */
  private void probe() {
    Way over;
    CqlSession opened;
    synchronized (this) {
      timer = -1;
      over = way;
      opened = session;
      if (isClosed) {
        return;
      }
    }
    if (over != null) {
      over.session()
          .executeAsync(over.tables().devices(NOBODY))
          .whenComplete((result, error) -> settle(over, error));
    } else if (opened != null) {
      TokenTables.prepare(opened, settings)
          .onComplete(
              done ->
                  settle(done.succeeded() ? new Way(opened, done.result()) : null, done.cause()));
    } else {
      open();
    }
  }

  private void settle(Way over, Throwable error) {
    if (error == null) {
      up(over);
    } else {
      down(DriverWords.bare(error));
    }
  }

  /** Closes it. */
  Future<Void> close() {
    CqlSession opened;
    synchronized (this) {
      isClosed = true;
      opened = session;
      problem = "the server stops";
      if (timer >= 0) {
        boolean unused = vertx.cancelTimer(timer);
      }
    }
    opening.tryComplete();
    return opened == null
        ? Future.succeededFuture()
        : Future.fromCompletionStage(opened.closeAsync());
  }
}
