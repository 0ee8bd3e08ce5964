// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.pushserver.config.CassandraSettings;
import org.pushserver.tokens.Addition;
import org.pushserver.tokens.DeadDevice;
import org.pushserver.tokens.DeviceIds;
import org.pushserver.tokens.StoredToken;
import org.pushserver.tokens.TokenCount;
import org.pushserver.tokens.TokenPage;
import org.pushserver.tokens.TokenStore;
import org.pushserver.tokens.TokenStoreState;

/**
 * Tokens in Cassandra, which others write, too: so it is asked each time, and what is in memory is
 * for the time in which it is away. Then accounts that are known still ring, nothing is stored, and
 * dead tokens are removed later.
 */
public final class CassandraTokenStore implements TokenStore {
  private final CassandraLink link;
  private final MobileDevices mobile;
  private final WriteTimes times;
  private final TokenScan scan;
  private final Cache<String, List<StoredToken>> known;

  /**
   * Begins to connect; what is asked meanwhile waits for some seconds.
   *
   * @param cached how many accounts are known while the cluster is away
   * @param clock milliseconds since the epoch
   */
  public CassandraTokenStore(
      Vertx vertx, CassandraSettings settings, long cached, LongSupplier clock) {
    times = new WriteTimes(clock);
    known = Caffeine.newBuilder().maximumSize(cached).build();
    link = new CassandraLink(vertx, settings);
    mobile = new MobileDevices(link, times);
    scan = new TokenScan(link);
  }

  @Override
  public String refusal(String account) {
    return AccountKey.of(account) == null
        ? "account must be user@domain: this server stores tokens in Cassandra, where an account has"
            + " both"
        : null;
  }

  private Future<List<FoundToken>> find(AccountKey key) {
    return link.ask(tables -> tables.devices(key)).compose(first -> read(key, first));
  }

  /** All pages. */
  private static Future<List<FoundToken>> read(AccountKey key, AsyncResultSet page) {
    List<FoundToken> found = new ArrayList<>();
    for (Row row : page.currentPage()) {
      FoundToken one = FoundToken.of(key, row);
      if (one != null) {
        found.add(one);
      }
    }
    return TokenScan.more(page, next -> read(key, next))
        .map(
            rest -> {
              found.addAll(rest);
              return found;
            });
  }

  @Override
  public Future<Void> add(StoredToken token) {
    AccountKey key = AccountKey.of(token.account());
    if (key == null) {
      return Future.failedFuture(new IllegalArgumentException(refusal(token.account())));
    }
    return find(key).compose(found -> add(key, token, found));
  }

  private Future<Void> add(AccountKey key, StoredToken token, List<FoundToken> found) {
    return add(key, token, found, times.after(undone(token, found)))
        .map(
            done -> {
              Stream<StoredToken> kept =
                  tokens(found).filter(one -> !isKey(one, token) && !isReplaced(one, token));
              remember(key, Stream.concat(kept, Stream.of(token)));
              return null;
            });
  }

  private Future<Void> add(AccountKey key, StoredToken token, List<FoundToken> found, long at) {
    List<FoundToken> others =
        found.stream()
            .filter(one -> !isKey(one.token(), token) && isReplaced(one.token(), token))
            .toList();
    return link.ask(tables -> tables.add(key, token, at))
        .compose(stored -> Future.all(List.of(mobile.set(key), delete(key, others))))
        .mapEmpty();
  }

  /** As of when the row is removed that a device has already; 0 when it has none. */
  private static long undone(StoredToken token, List<FoundToken> found) {
    return found.stream()
        .filter(one -> isKey(one.token(), token))
        .mapToLong(FoundToken::undone)
        .max()
        .orElse(0);
  }

  /**
   * Written as of the time that the record itself tells: so what registers meanwhile is newer for
   * the cluster, too, whatever comes to it first.
   */
  @Override
  public Future<Addition> addUnlessNewer(StoredToken token) {
    AccountKey key = AccountKey.of(token.account());
    if (key == null) {
      return Future.failedFuture(new IllegalArgumentException(refusal(token.account())));
    }
    long before = times.after(0);
    return find(key)
        .compose(
            found -> {
              Addition addition = Addition.of(token, tokens(found).toList());
              return switch (addition.what()) {
                case SAME, KEPT -> Future.succeededFuture(addition);
                case ADDED -> addNew(key, token, found, before).map(addition);
                case RENEWED ->
                    add(key, token, found, Math.max(told(token, before), undone(token, found) + 1))
                        .map(addition);
              };
            });
  }

  /** Where it was removed once, the removal hides what is written as of a time before it. */
  private Future<Void> addNew(
      AccountKey key, StoredToken token, List<FoundToken> found, long before) {
    return add(key, token, found, told(token, before))
        .compose(stored -> find(key))
        .compose(
            there ->
                there.stream().anyMatch(one -> isKey(one.token(), token))
                    ? Future.<Void>succeededFuture()
                    : add(key, token, found, before));
  }

  /**
   * In microseconds; never later than the present, by whatever clock the record was made, and older
   * than all else when it tells none.
   */
  private static long told(StoredToken token, long before) {
    return Math.min(
        Math.max(TimeUnit.MILLISECONDS.toMicros(token.storedAt()), TableRights.LONG_AGO), before);
  }

  private static Stream<StoredToken> tokens(List<FoundToken> found) {
    return found.stream().map(FoundToken::token);
  }

  /** An app registers at its start, and its phone may be called next when the cluster is away. */
  private void remember(AccountKey key, Stream<StoredToken> devices) {
    known.put(key.account(), devices.sorted(StoredToken.ORDER).toList());
  }

  private static boolean isKey(StoredToken one, StoredToken other) {
    return one.app().appId().equals(other.app().appId()) && one.deviceId().equals(other.deviceId());
  }

  private static boolean isReplaced(StoredToken one, StoredToken by) {
    return one.app().appId().equals(by.app().appId())
        && (one.rings(by.token()) || DeviceIds.isSame(one.deviceId(), by.deviceId()));
  }

  /**
   * Whether a row is of the same phone as a newer one. The old server, when it runs beside this
   * one, stores a phone under the id that it has cut, and leaves the row with the whole id.
   */
  private static boolean isOutdated(FoundToken one, FoundToken by) {
    return isReplaced(one.token(), by.token())
        && (one.written() < by.written()
            || (one.written() == by.written()
                && one.token().deviceId().compareTo(by.token().deviceId()) < 0));
  }

  private Future<Void> delete(AccountKey key, List<FoundToken> found) {
    List<Future<AsyncResultSet>> deleted = new ArrayList<>();
    for (FoundToken one : found) {
      times.deleted(one.undone());
      deleted.add(link.ask(tables -> tables.remove(key, one)));
    }
    return Future.all(deleted).mapEmpty();
  }

  @Override
  public Future<Removal> remove(String account, String appId, String deviceId) {
    AccountKey key = AccountKey.of(account);
    if (key == null) {
      return Future.succeededFuture(Removal.NO_SUCH_ACCOUNT);
    }
    Predicate<FoundToken> same =
        one ->
            one.token().app().appId().equals(appId)
                && DeviceIds.isSame(one.token().deviceId(), deviceId);
    return find(key)
        .compose(
            found -> {
              if (found.isEmpty()) {
                // Whoever removed the last one may have ended before he could say so.
                return mobile.unsetUnless(key, () -> find(key)).map(Removal.NO_SUCH_ACCOUNT);
              }
              return remove(key, found, same)
                  .map(number -> number > 0 ? Removal.REMOVED : Removal.NO_SUCH_DEVICE);
            });
  }

  private Future<Integer> remove(
      AccountKey key, List<FoundToken> found, Predicate<FoundToken> which) {
    List<FoundToken> gone = found.stream().filter(which).toList();
    if (gone.isEmpty()) {
      return Future.succeededFuture(0);
    }
    return delete(key, gone)
        .compose(
            done -> {
              if (gone.size() < found.size()) {
                remember(key, tokens(found.stream().filter(which.negate()).toList()));
                return Future.<Void>succeededFuture();
              }
              known.invalidate(key.account());
              return mobile.unsetUnless(key, () -> find(key));
            })
        .map(gone.size());
  }

  @Override
  public Future<List<StoredToken>> devices(String account) {
    AccountKey key = AccountKey.of(account);
    if (key == null) {
      return Future.succeededFuture(List.of());
    }
    return find(key)
        .map(
            found -> {
              List<StoredToken> devices =
                  found.stream()
                      .filter(one -> found.stream().noneMatch(by -> isOutdated(one, by)))
                      .map(FoundToken::token)
                      .sorted(StoredToken.ORDER)
                      .toList();
              known.put(account, devices);
              return devices;
            })
        .recover(
            error -> {
              List<StoredToken> devices = known.getIfPresent(account);
              return devices == null ? Future.failedFuture(error) : Future.succeededFuture(devices);
            });
  }

  @Override
  public Future<Integer> dead(DeadDevice dead) {
    AccountKey key = dead.account() == null ? null : AccountKey.of(dead.account());
    if (key == null) {
      return Future.succeededFuture(0);
    }
    return removeDead(key, dead)
        .recover(
            error -> {
              // Who asks does so again when the cluster is back.
              forget(dead);
              return Future.failedFuture(error);
            });
  }

  private Future<Integer> removeDead(AccountKey key, DeadDevice dead) {
    return find(key)
        .compose(
            found -> {
              List<FoundToken> halves =
                  found.stream()
                      .filter(one -> isDead(one.token(), dead))
                      .filter(one -> one.token().without(dead.token()) != null)
                      .toList();
              return removeBackgrounds(key, halves)
                  .compose(
                      done ->
                          remove(
                              key,
                              found,
                              one -> isDead(one.token(), dead) && !halves.contains(one)))
                  .onSuccess(
                      done -> {
                        if (!halves.isEmpty()) {
                          forget(dead);
                        }
                      })
                  .map(removed -> removed + halves.size());
            });
  }

  private Future<Void> removeBackgrounds(AccountKey key, List<FoundToken> found) {
    List<Future<AsyncResultSet>> changed = new ArrayList<>();
    for (FoundToken one : found) {
      changed.add(link.ask(tables -> tables.removeBackground(key, one)));
    }
    return Future.all(changed).mapEmpty();
  }

  private static boolean isDead(StoredToken one, DeadDevice dead) {
    return one.app().equals(dead.app()) && one.has(dead.token()) && one.storedAt() <= dead.since();
  }

  /** Of what is in memory: so that it is not pushed to again while the cluster is away. */
  private void forget(DeadDevice dead) {
    List<StoredToken> unused =
        known
            .asMap()
            .computeIfPresent(
                dead.account(),
                (account, devices) ->
                    devices.stream()
                        .map(one -> isDead(one, dead) ? one.without(dead.token()) : one)
                        .filter(Objects::nonNull)
                        .toList());
  }

  @Override
  public Future<TokenPage> list(String after, int most) {
    return scan.list(after, most);
  }

  /** Reads all rows: seconds for each million. Who asks meanwhile gets the same answer. */
  @Override
  public Future<TokenCount> count() {
    return scan.count();
  }

  @Override
  public TokenStoreState state() {
    String problem = link.problem();
    return new TokenStoreState("Cassandra", problem.isEmpty(), problem);
  }

  @Override
  public Future<Void> close() {
    return link.close();
  }
}
