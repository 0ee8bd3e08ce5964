// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokenfile;

import io.vertx.core.Future;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.pushserver.tokens.Addition;
import org.pushserver.tokens.StoredToken;
import org.pushserver.tokens.TokenStore;

/**
 * Puts the devices of a file into a store, some at a time, so that a server that uses the same
 * store waits for none of its own changes. What is there and newer stays. Confined to one thread,
 * which waits; the store may answer on any.
 */
public final class TokenImport {
  /** So many are with the store at a time: one transaction, of some milliseconds. */
  static final int AT_A_TIME = 500;

  /** The store is left alone for so long after that: a server that uses it gets its turn. */
  private static final long REST_MS = 5;

  private final Function<StoredToken, Future<Addition>> storing;
  private final UnaryOperator<String> refusal;
  private final ImportCounts counts;
  private final Consumer<ImportCounts> progress;
  private final Semaphore free = new Semaphore(AT_A_TIME);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  /** The last change of each account that has one under way. Guarded by itself. */
  private final Map<String, Future<?>> underWay = new HashMap<>();

  private TokenImport(
      Function<StoredToken, Future<Addition>> storing,
      UnaryOperator<String> refusal,
      ImportCounts counts,
      Consumer<ImportCounts> progress) {
    this.storing = storing;
    this.refusal = refusal;
    this.counts = counts;
    this.progress = progress;
  }

  /**
   * One that stores them.
   *
   * @param counts what is counted
   * @param progress told after each row; by this thread
   */
  public static TokenImport into(
      TokenStore store, ImportCounts counts, Consumer<ImportCounts> progress) {
    return new TokenImport(store::addUnlessNewer, store::refusal, counts, progress);
  }

  /**
   * One that changes nothing, and counts what would be done.
   *
   * @param devices what is stored of an account
   * @param refusal as {@link TokenStore#refusal}
   */
  public static TokenImport dryRun(
      Function<String, Future<List<StoredToken>>> devices,
      UnaryOperator<String> refusal,
      ImportCounts counts,
      Consumer<ImportCounts> progress) {
    return new TokenImport(
        token -> devices.apply(token.account()).map(stored -> Addition.of(token, stored)),
        refusal,
        counts,
        progress);
  }

  /**
   * Does it, to the end of the file.
   *
   * @throws BadTokenFileException when the rest of the file cannot be read; what came before is
   *     stored
   * @throws ImportFailedException when the store cannot be used
   */
  public void run(TokenFile file)
      throws IOException, BadTokenFileException, ImportFailedException, InterruptedException {
    try {
      TokenFile.Row row = file.next();
      while (row != null && failure.get() == null) {
        take(row);
        progress.accept(counts);
        if (counts.read() % AT_A_TIME == 0) {
          rest();
        }
        row = file.next();
      }
    } finally {
      free.acquire(AT_A_TIME);
    }
    if (failure.get() != null) {
      throw new ImportFailedException(failure.get());
    }
  }

  private void take(TokenFile.Row row) throws InterruptedException {
    String problem = row.token() == null ? row.problem() : refusal.apply(row.token().account());
    if (problem == null) {
      store(row.token());
    } else {
      counts.skipped(row.where(), problem);
    }
  }

  private void rest() throws InterruptedException {
    free.acquire(AT_A_TIME);
    free.release(AT_A_TIME);
    TimeUnit.MILLISECONDS.sleep(REST_MS);
  }

  /** Those of one account one after the other: they may be of one phone. */
  private void store(StoredToken token) throws InterruptedException {
    free.acquire();
    counts.read(token.app());
    Future<Addition> stored;
    synchronized (underWay) {
      Future<?> before = underWay.get(token.account());
      stored =
          before == null ? storing.apply(token) : before.transform(ended -> storing.apply(token));
      Future<?> unused = underWay.put(token.account(), stored);
    }
    stored.onComplete(
        done -> {
          synchronized (underWay) {
            boolean unusedLast = underWay.remove(token.account(), stored);
          }
          if (done.succeeded()) {
            counts.stored(done.result());
          } else {
            boolean unusedFirst = failure.compareAndSet(null, done.cause());
          }
          free.release();
        });
  }

  /** The store cannot be used; the cause says why. */
  public static final class ImportFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    ImportFailedException(Throwable cause) {
      super(cause);
    }
  }
}
