// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.pushserver.config.CassandraSettings;

/** Tries whether a server could use its cluster, without a server. Any thread. */
public final class CassandraTrial {
  private CassandraTrial() {}

  /**
   * Connects, logs in, looks for both tables and their columns, and tries the rights; then ends.
   *
   * @return completes with what is wrong and what to do, in an operator's words, or with nothing;
   *     soon when no node answers, and after some time-outs at the latest. Does not fail
   */
  public static Future<String> run(Vertx vertx, CassandraSettings settings) {
    DriverWords words = new DriverWords(settings);
    return DriverSession.open(vertx, settings)
        .compose(
            session ->
                rights(session, settings, words)
                    .eventually(() -> Future.fromCompletionStage(session.closeAsync())))
        .otherwise(error -> words.of(DriverWords.bare(error)));
  }

  private static Future<String> rights(
      CqlSession session, CassandraSettings settings, DriverWords words) {
    return TokenTables.prepare(session, settings)
        .compose(tables -> TableRights.missing(session, tables))
        .map(missing -> missing.isEmpty() ? "" : words.ofRights(missing));
  }
}
