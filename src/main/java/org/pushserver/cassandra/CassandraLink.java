// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.pushserver.config.CassandraSettings;
import org.pushserver.spi.Doubling;
import org.pushserver.tokens.TokenStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the cluster. It opens by itself, and comes back by itself. While it is down, questions
 * fail at once: a cluster that is frozen would else cost each of them its whole time-out. Whether
 * it is up again, one question a second finds out. A right that its user does not have is another
 * matter: then it is asked as always, and what needs that right fails. Any thread.
 */
final class CassandraLink {
  private static final Logger LOG = LoggerFactory.getLogger(CassandraLink.class);

  /** So many time-outs in a row are no accident. */
  private static final int TIME_OUTS = 2;

  private static final long PROBE_MS = 1000;

  /** To try a login costs the cluster a tenth of a second of computing. */
  private static final Doubling LOGINS = new Doubling(PROBE_MS, 30_000);

  /** How soon it is seen that a right was given. */
  private static final long RIGHTS_MS = 5000;

  /**
   * After so many questions that found no node a new way is tried: the driver does not say why it
   * does not come back, such as for a password that was changed.
   */
  private static final int UNREACHED = 10;

  /** What the first questions wait for the way to open: loading the driver takes its time, too. */
  private static final long OPENING_MS = 5000;

  /** An open session, and what it was told. */
  private record Way(CqlSession session, TokenTables tables) {}

  private final Vertx vertx;
  private final CassandraSettings settings;
  private final DriverWords words;
  private final Promise<Void> opening = Promise.promise();
  private final AtomicInteger timeOuts = new AtomicInteger();

  private volatile Way way;

  /** What is wrong; empty while it is up. */
  private volatile String problem;

  /** Which rights are missing; empty when none is. */
  private volatile String withheld = "";

  private boolean isTold;
  private boolean isClosed;
  private boolean tryingRights;
  private int refusedLogins;
  private int unreached;
  private CqlSession session;
  private long timer = -1;
  private long rightsTimer = -1;

  /** Begins to open it. */
  CassandraLink(Vertx vertx, CassandraSettings settings) {
    this.vertx = vertx;
    this.settings = settings;
    words = new DriverWords(settings);
    problem = "Cassandra at " + settings.nodes() + " has not answered yet";
    long unused = vertx.setTimer(OPENING_MS, late -> opening.tryComplete());
    open();
  }

  /** What is wrong, in an operator's words; empty when nothing is. */
  String problem() {
    String wrong = problem;
    return wrong.isEmpty() ? withheld : wrong;
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
    if (error instanceof UnauthorizedException) {
      tryRights();
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

  /** In place of another one, if there is one. */
  private synchronized void keep(CqlSession opened) {
    if (session != null) {
      session.closeAsync();
    }
    session = opened;
    way = null;
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
      refusedLogins = 0;
      unreached = 0;
      if (isTold) {
        LOG.info("Cassandra at {} answers again: tokens are stored and found", settings.nodes());
      }
      isTold = false;
      problem = "";
    }
    opening.tryComplete();
    tryRights();
  }

  private synchronized void down(Throwable error) {
    if (isClosed) {
      return;
    }
    String wrong = words.of(error);
    boolean isLogin = DriverWords.isLogin(error);
    refusedLogins = isLogin ? refusedLogins + 1 : 0;
    if (!isTold || refusedLogins == 1) {
      LOG.warn("{}; tokens are neither stored nor removed, known accounts still ring", wrong);
      isTold = true;
    }
    problem = wrong;
    if (timer < 0) {
      long later = isLogin ? LOGINS.delay(refusedLogins, ThreadLocalRandom.current()) : PROBE_MS;
      timer = vertx.setTimer(later, due -> probe());
    }
  }

  /** One try: on the way that there is, or to open one. */
  private void probe() {
    Way over;
    CqlSession opened;
    boolean isNew;
    synchronized (this) {
      timer = -1;
      over = way;
      opened = session;
      isNew = opened == null || refusedLogins > 0 || unreached >= UNREACHED;
      unreached = isNew ? 0 : unreached;
      if (isClosed) {
        return;
      }
    }
    if (isNew) {
      open();
    } else if (over != null) {
      over.session()
          .executeAsync(TableRights.question(over.tables()))
          .whenComplete((result, error) -> settle(over, error));
    } else {
      TokenTables.prepare(opened, settings)
          .onComplete(
              done ->
                  settle(done.succeeded() ? new Way(opened, done.result()) : null, done.cause()));
    }
  }

  private void settle(Way over, Throwable error) {
    Throwable bare = DriverWords.bare(error);
    if (bare == null || bare instanceof UnauthorizedException) {
      up(over);
      return;
    }
    if (DriverWords.isNobodyThere(bare)) {
      synchronized (this) {
        unreached++;
      }
    }
    down(bare);
  }

  /** Finds out which rights are missing, and again as long as one is. */
  private void tryRights() {
    Way over;
    synchronized (this) {
      over = way;
      if (isClosed || tryingRights || rightsTimer >= 0 || over == null) {
        return;
      }
      tryingRights = true;
    }
    Future<List<RefusedRight>> unused =
        TableRights.missing(over.session(), over.tables()).onComplete(this::rightsTried);
  }

  private synchronized void rightsTried(AsyncResult<List<RefusedRight>> tried) {
    tryingRights = false;
    if (tried.succeeded()) {
      List<RefusedRight> missing = tried.result();
      String now = missing.isEmpty() ? "" : words.ofRights(missing);
      String before = withheld;
      withheld = now;
      if (!now.equals(before)) {
        if (missing.isEmpty()) {
          LOG.info("Cassandra at {} gives all rights that are needed", settings.nodes());
        } else {
          LOG.warn("{}; until then what needs that is answered with 503, all else goes on", now);
        }
      }
    }
    if (!isClosed && !withheld.isEmpty()) {
      rightsTimer =
          vertx.setTimer(
              RIGHTS_MS,
              due -> {
                synchronized (this) {
                  rightsTimer = -1;
                }
                tryRights();
              });
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
      if (rightsTimer >= 0) {
        boolean unused = vertx.cancelTimer(rightsTimer);
      }
    }
    opening.tryComplete();
    return opened == null
        ? Future.succeededFuture()
        : Future.fromCompletionStage(opened.closeAsync());
  }
}
