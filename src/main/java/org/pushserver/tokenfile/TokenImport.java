// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokenfile;

import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.pushserver.tokens.AccountLanes;
import org.pushserver.tokens.Addition;
import org.pushserver.tokens.StoredToken;
import org.pushserver.tokens.TokenStore;

/**
 * Puts the devices of a file into a store, many in one step: so many that a server that uses the
 * same store waits for none of its own changes for long. What is there and newer stays. While the
 * store has some, the next ones are read. Confined to one thread, which waits; the store may answer
 * on any.
 */
public final class TokenImport {
  /** In the first step; of what comes after that, it depends on the time that a step takes. */
  static final int FIRST = 500;

  /** Some kilobytes each: they are in memory twice. */
  private static final int MOST = 20_000;

  /** What a step may take while somebody waits. */
  private static final long SHARED_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private static final long ALONE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /**
   * After each step the store is left alone for so long: longer than a server pauses between two
   * tries to get it.
   */
  private static final long REST_MS = 25;

  private final Function<List<StoredToken>, Future<List<Addition>>> storing;
  private final BooleanSupplier isShared;
  private final UnaryOperator<String> refusal;
  private final ImportCounts counts;
  private final Consumer<ImportCounts> progress;

  private List<StoredToken> next = new ArrayList<>();
  private int most = FIRST;

  /** What is with the store; null when nothing is. */
  private CompletableFuture<List<Addition>> underWay;

  private int sent;
  private long sentAt;

  /** When the store had done it. */
  private volatile long doneAt;

  private TokenImport(
      Function<List<StoredToken>, Future<List<Addition>>> storing,
      BooleanSupplier isShared,
      UnaryOperator<String> refusal,
      ImportCounts counts,
      Consumer<ImportCounts> progress) {
    this.storing = storing;
    this.isShared = isShared;
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
    return new TokenImport(
        store::addUnlessNewer, store::isShared, store::refusal, counts, progress);
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
        tokens ->
            AccountLanes.each(
                tokens,
                token -> devices.apply(token.account()).map(stored -> Addition.of(token, stored))),
        () -> false,
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
      while (row != null) {
        take(row);
        progress.accept(counts);
        if (next.size() >= most) {
          send();
        }
        row = file.next();
      }
    } finally {
      send();
      finish();
    }
  }

  private void take(TokenFile.Row row) {
    String problem = row.token() == null ? row.problem() : refusal.apply(row.token().account());
    if (problem == null) {
      counts.read(row.token().app());
      boolean unused = next.add(row.token());
    } else {
      counts.skipped(row.where(), problem);
    }
  }

  /** Gives the store what was read, after what it has: that may be of the same phones. */
  private void send() throws ImportFailedException, InterruptedException {
    finish();
    if (next.isEmpty()) {
      return;
    }
    List<StoredToken> these = next;
    next = new ArrayList<>(most);
    sent = these.size();
    CompletableFuture<List<Addition>> answer = new CompletableFuture<>();
    sentAt = System.nanoTime();
    underWay = answer;
    Future<List<Addition>> unused =
        storing
            .apply(these)
            .onComplete(
                done -> {
                  doneAt = System.nanoTime();
                  if (done.succeeded()) {
                    boolean unusedFirst = answer.complete(done.result());
                  } else {
                    boolean unusedFirst = answer.completeExceptionally(done.cause());
                  }
                });
  }

  /** Waits for what the store has, and leaves it alone for a moment. */
  private void finish() throws ImportFailedException, InterruptedException {
    if (underWay == null) {
      return;
    }
    try {
      underWay.get().forEach(counts::stored);
    } catch (ExecutionException e) {
      next.clear();
      throw new ImportFailedException(e.getCause());
    } finally {
      underWay = null;
    }
    long took = doneAt - sentAt;
    long wanted = isShared.getAsBoolean() ? SHARED_NANOS : ALONE_NANOS;
    most = (int) Math.max(FIRST, Math.min(MOST, sent * wanted / Math.max(1, took)));
    long rested = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - doneAt);
    if (rested < REST_MS) {
      TimeUnit.MILLISECONDS.sleep(REST_MS - rested);
    }
  }

  /** The store cannot be used; the cause says why. */
  public static final class ImportFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    ImportFailedException(Throwable cause) {
      super(cause);
    }
  }
}
