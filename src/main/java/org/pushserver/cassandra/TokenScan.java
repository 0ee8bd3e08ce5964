// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.protocol.internal.util.Bytes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.pushserver.push.AppKey;
import org.pushserver.tokens.StoredToken;
import org.pushserver.tokens.TokenCount;
import org.pushserver.tokens.TokenPage;

/** Questions about all rows, which go through the whole cluster page by page. Any thread. */
final class TokenScan {
  private static final int PAGE = 5000;

  private final CassandraLink link;
  private Future<TokenCount> counting;

  TokenScan(CassandraLink link) {
    this.link = link;
  }

  /** What is on the pages after this one. */
  static <T> Future<List<T>> more(
      AsyncResultSet page, Function<AsyncResultSet, Future<List<T>>> read) {
    return page.hasMorePages() ? next(page).compose(read) : Future.succeededFuture(List.of());
  }

  private static Future<AsyncResultSet> next(AsyncResultSet page) {
    return Vertx.currentContext() == null
        ? Future.fromCompletionStage(page.fetchNextPage())
        : Future.fromCompletionStage(page.fetchNextPage(), Vertx.currentContext());
  }

  /** As {@link org.pushserver.tokens.TokenStore#list}. */
  Future<TokenPage> list(String after, int most) {
    ByteBuffer state;
    try {
      state = after == null ? null : Bytes.fromHexString(after);
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(new IllegalArgumentException("no page begins there", e));
    }
    return link.ask(
            tables ->
                tables.all().setPageSize(most).setPagingState(state).setTimeout(DriverSession.LONG),
            false)
        .map(TokenScan::page);
  }

  private static TokenPage page(AsyncResultSet rows) {
    List<StoredToken> tokens = new ArrayList<>();
    for (Row row : rows.currentPage()) {
      FoundToken found =
          FoundToken.of(new AccountKey(row.getString("username"), row.getString("domain")), row);
      if (found != null) {
        tokens.add(found.token());
      }
    }
    ByteBuffer next = rows.hasMorePages() ? rows.getExecutionInfo().getPagingState() : null;
    return new TokenPage(tokens, next == null ? null : Bytes.toHexString(next));
  }

  /** As {@link org.pushserver.tokens.TokenStore#count}. */
  Future<TokenCount> count() {
    Future<TokenCount> shared;
    synchronized (this) {
      shared = counting;
      if (shared == null) {
        Tally tally = new Tally();
        shared =
            link.ask(
                    tables ->
                        tables.applications().setPageSize(PAGE).setTimeout(DriverSession.LONG),
                    false)
                .compose(tally::add);
        counting = shared;
      }
    }
    shared.onComplete(done -> ended());
    return CassandraLink.on(Vertx.currentContext(), shared);
  }

  private synchronized void ended() {
    counting = null;
  }

  /** The rows of an account follow each other. */
  private static final class Tally {
    private final Map<AppKey, Long> devices = new HashMap<>();
    private AccountKey last;
    private long accounts;

    Future<TokenCount> add(AsyncResultSet page) {
      for (Row row : page.currentPage()) {
        AccountKey key = new AccountKey(row.getString("username"), row.getString("domain"));
        String platform = row.getString("platform");
        if (platform != null && !platform.isEmpty()) {
          accounts += key.equals(last) ? 0 : 1;
          last = key;
          devices.merge(new AppKey(row.getString("app_id"), platform), 1L, Long::sum);
        }
      }
      return page.hasMorePages()
          ? next(page).compose(this::add)
          : Future.succeededFuture(new TokenCount(accounts, devices));
    }
  }
}
