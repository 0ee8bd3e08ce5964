// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import io.vertx.core.Future;
import java.util.List;

/**
 * Whether the user of the server may read and change both tables. It is tried, since who may ask
 * for his rights differs: a row is read that nobody has, and one is deleted, as of 1970. Any
 * thread.
 */
final class TableRights {
  private static final AccountKey NOBODY = new AccountKey("pushserver", "probe.invalid");

  /** Microseconds since the epoch: before anything that registered. */
  static final long LONG_AGO = 1;

  private TableRights() {}

  /** A question that changes nothing, and needs the right to read. */
  static BoundStatement question(TokenTables tables) {
    return tables.devices(NOBODY);
  }

  /**
   * Tries all of them.
   *
   * @return those that it does not have; fails with the first failure that is no refusal
   */
  static Future<List<RefusedRight>> missing(CqlSession session, TokenTables tables) {
    List<Future<RefusedRight>> tried =
        List.of(
                question(tables),
                tables.mobile(NOBODY),
                tables.remove(NOBODY, "none", "none", LONG_AGO),
                tables.unsetMobile(NOBODY, LONG_AGO))
            .stream()
            .map(statement -> tried(session, statement))
            .toList();
    return Future.all(tried)
        .map(done -> tried.stream().map(Future::result).filter(one -> one != null).toList());
  }

  /** Null for a right that it has. */
  private static Future<RefusedRight> tried(CqlSession session, BoundStatement statement) {
    return Future.fromCompletionStage(session.executeAsync(statement))
        .map((RefusedRight) null)
        .recover(
            error ->
                DriverWords.bare(error) instanceof UnauthorizedException refusal
                    ? Future.succeededFuture(RefusedRight.of(refusal))
                    : Future.failedFuture(DriverWords.bare(error)));
  }
}
