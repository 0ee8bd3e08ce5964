// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.pushserver.sqlite.SqliteFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stored tokens in a file of SQLite. One thread changes it, one reads what is not in memory; what
 * is, is answered by the thread that asks.
 *
 * <p>Once the file is found damaged, nothing is changed in it any more, and what can be read is.
 */
public final class SqliteTokenStore implements TokenStore {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteTokenStore.class);

  private static final String KIND = "SQLite";

  /**
   * How long {@link #close} takes at the most, also while another program does not give the file
   * out of its hand.
   */
  public static final long LONGEST_STOP_MS = 4000;

  private static final long NANOS_A_MS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long DAY_MS = TimeUnit.DAYS.toMillis(1);

  /** So often it is looked whether somebody else has changed the file. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(900);

  private final Path path;
  private final Object identity;
  private final TokenClaim claim;
  private final TokenCache cache;
  private final ChangeWriter writer;
  private final RowReader reader;
  private final AtomicLong lookedAt = new AtomicLong(System.nanoTime());

  private volatile String problem = "";
  private volatile boolean damaged;
  private volatile boolean closed;

  private SqliteTokenStore(
      Path path, TokenClaim claim, TokenDatabase database, StoredRows rows, int cached)
      throws SQLException, IOException {
    this.path = path;
    this.claim = claim;
    identity = identity(path);
    cache = new TokenCache(cached);
    writer =
        new ChangeWriter(
            database,
            () -> TokenDatabase.open(path, ChangeWriter.TRY_MS),
            cache,
            new ChangeWriter.Health() {
              @Override
              public void failed(SQLException cause) {
                SqliteTokenStore.this.failed(cause);
              }

              @Override
              public void well() {
                if (!damaged) {
                  problem = "";
                }
              }
            });
    reader =
        new RowReader(
            rows,
            path,
            new RowReader.Failures() {
              @Override
              public void failed(SQLException cause) {
                SqliteTokenStore.this.failed(cause);
              }

              @Override
              public Exception inWords(Throwable cause) {
                return SqliteTokenStore.this.inWords(cause);
              }
            });
    writer.start();
  }

  /**
   * Opens a server's file, and makes it when it is missing. Blocks.
   *
   * @param cached how many accounts are kept in memory, about
   * @throws TokenStoreException when it cannot be used, or another server has it
   */
  public static SqliteTokenStore open(Path file, int cached) throws TokenStoreException {
    return open(file, cached, true);
  }

  /** Opens a file that a running server may have. Blocks. What is changed in it, he notices. */
  public static SqliteTokenStore openBeside(Path file) throws TokenStoreException {
    return open(file, 0, false);
  }

  private static SqliteTokenStore open(Path file, int cached, boolean claims)
      throws TokenStoreException {
    TokenClaim claim = null;
    TokenDatabase database = null;
    StoredRows rows = null;
    SqliteTokenStore store = null;
    try {
      TokenSchema.make(file);
      claim = claims ? TokenClaim.of(file) : null;
      database =
          TokenDatabase.open(file, claims ? ChangeWriter.TRY_MS : RowReader.BUSY_MS, !claims);
      rows = StoredRows.open(file, RowReader.BUSY_MS);
      store = new SqliteTokenStore(file, claim, database, rows, cached);
      return store;
    } catch (SQLException e) {
      throw new TokenStoreException(TokenFault.of(e, file), e);
    } catch (IOException e) {
      throw new TokenStoreException(TokenFault.of(e, file), e);
    } finally {
      if (store == null) {
        close(rows);
        close(database);
        close(claim);
      }
    }
  }

  private static void close(AutoCloseable one) {
    try {
      if (one != null) {
        one.close();
      }
    } catch (Exception e) {
      LOG.debug("closing the file of tokens", e);
    }
  }

  private static Object identity(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  private void failed(SQLException cause) {
    if (damaged || SqliteFault.of(cause) == SqliteFault.OTHER) {
      return;
    }
    damaged = SqliteFault.of(cause) == SqliteFault.DAMAGE;
    problem = TokenFault.of(cause, path);
  }

  /**
   * Whether another file, or none, is in the place of the one that was opened. Blocks.
   *
   * @throws IOException when that cannot be found out
   */
  boolean isReplaced() throws IOException {
    try {
      return !Objects.equals(identity, identity(path));
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  /** Finds out whether it can be changed; its state says so afterwards. */
  void probe() {
    if (!damaged) {
      Future<Void> unused =
          change(
              database -> {
                database.probe();
                return null;
              });
    }
  }

  /** Its future completes on the context of who calls this. */
  static <T> Promise<T> promise() {
    ContextInternal context = ContextInternal.current();
    return context == null ? Promise.promise() : context.promise();
  }

  private Exception inWords(Throwable cause) {
    if (cause instanceof SQLException failed) {
      return new TokenStoreException(TokenFault.of(failed, path), failed);
    }
    return cause instanceof TokenStoreException told
        ? told
        : new TokenStoreException("the store of tokens failed: " + cause, cause);
  }

  /** Makes a change; its answer comes when that is certain. */
  <T> Future<T> change(ChangeWriter.Work<T> work) {
    Promise<T> answer = promise();
    if (closed) {
      answer.fail(new TokenStoreException(ChangeWriter.STOPPING));
    } else if (damaged) {
      answer.fail(new TokenStoreException(problem));
    } else {
      writer.submit(new ChangeWriter.Change<>(work, answer));
    }
    return answer.future().recover(cause -> Future.failedFuture(inWords(cause)));
  }

  private <T> Future<T> read(RowReader.Reading<T> reading) {
    Promise<T> answer = promise();
    reader.read(reading, answer);
    return answer.future();
  }

  @Override
  public Future<Void> add(StoredToken token) {
    StoredToken canonical = token.with(AccountNames.canonical(token.account()));
    return change(
        database -> {
          database.add(canonical);
          return null;
        });
  }

  @Override
  public Future<Addition> addUnlessNewer(StoredToken token) {
    StoredToken canonical = token.with(AccountNames.canonical(token.account()));
    return change(database -> database.addUnlessNewer(canonical));
  }

  @Override
  public Future<List<Addition>> addUnlessNewer(List<StoredToken> tokens) {
    List<StoredToken> canonical =
        tokens.stream().map(one -> one.with(AccountNames.canonical(one.account()))).toList();
    return change(database -> database.addUnlessNewer(canonical));
  }

  @Override
  public boolean isShared() {
    return claim == null && TokenClaim.isTaken(path);
  }

  @Override
  public Future<Removal> remove(String account, String appId, String deviceId) {
    String name = AccountNames.canonical(account);
    return change(database -> database.remove(name, appId, deviceId));
  }

  @Override
  public Future<Integer> dead(DeadDevice dead) {
    return change(database -> database.dead(dead));
  }

  @Override
  public Future<List<StoredToken>> devices(String account) {
    String name = AccountNames.canonical(account);
    // Who changes the file looks himself afterwards, and a slow disk must not keep a phone quiet.
    if (!writer.isChanging() && !closed && isDue()) {
      Promise<List<StoredToken>> answer = promise();
      writer.look(() -> devices(name, answer));
      return answer.future();
    }
    List<StoredToken> known = cache.get(name);
    if (known != null) {
      return Future.succeededFuture(known);
    }
    Promise<List<StoredToken>> answer = promise();
    readDevices(name, answer);
    return answer.future();
  }

  /** Once in a while: nobody says when another program has changed the file. */
  private boolean isDue() {
    long before = lookedAt.get();
    long now = System.nanoTime();
    return now - before > LOOK_NANOS && lookedAt.compareAndSet(before, now);
  }

  private void devices(String name, Promise<List<StoredToken>> answer) {
    List<StoredToken> known = cache.get(name);
    if (known != null) {
      answer.complete(known);
    } else {
      readDevices(name, answer);
    }
  }

  private void readDevices(String name, Promise<List<StoredToken>> answer) {
    reader.read(
        stored -> {
          TokenCache.Mark before = cache.mark(name);
          List<StoredToken> devices =
              stored.ofAccount(name).values().stream().sorted(StoredToken.ORDER).toList();
          cache.put(name, devices, before);
          return devices;
        },
        answer);
  }

  @Override
  public void seen(StoredToken token, long now) {
    if (token.lastSeen() / DAY_MS < now / DAY_MS && !closed && !damaged) {
      writer.seen(
          AccountNames.canonical(token.account()), token.app().appId(), token.deviceId(), now);
    }
  }

  @Override
  public Future<TokenPage> list(String after, int most) {
    long number = after == null ? 0 : Long.parseLong(after);
    return read(stored -> stored.list(number, most));
  }

  @Override
  public Future<TokenCount> count() {
    return read(StoredRows::count);
  }

  @Override
  public TokenStoreState state() {
    return new TokenStoreState(KIND, problem.isEmpty(), problem);
  }

  /** How many accounts are in memory. */
  long cached() {
    return cache.size();
  }

  /** How often an account was found in memory. Any thread. */
  public long hits() {
    return cache.hits();
  }

  /** How often an account had to be read. Any thread. */
  public long misses() {
    return cache.misses();
  }

  @Override
  public void share() {
    close(claim);
  }

  @Override
  public Future<Void> close() {
    Promise<Void> answer = promise();
    if (closed) {
      answer.complete();
      return answer.future();
    }
    closed = true;
    Thread closing = new Thread(() -> close(answer), "tokens-close");
    closing.setDaemon(true);
    closing.start();
    return answer.future();
  }

  private void close(Promise<Void> answer) {
    long begun = System.nanoTime();
    try {
      writer.stop(LONGEST_STOP_MS);
      reader.stop(LONGEST_STOP_MS - (System.nanoTime() - begun) / NANOS_A_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close(claim);
      answer.complete();
    }
  }
}
