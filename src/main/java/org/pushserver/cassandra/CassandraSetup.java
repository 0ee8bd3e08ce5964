// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.pushserver.config.CassandraSettings;
import org.pushserver.tokens.TokenStoreException;

/** Makes the keyspace and the tables, where they are not there. For a command; to be closed. */
public final class CassandraSetup {
  /**
   * What is in the cluster.
   *
   * @param datacenter of the node that was asked
   * @param nodes how many it knows, itself among them
   * @param hasKeyspace whether the keyspace is there
   * @param missing the tables that are not
   */
  public record Found(String datacenter, int nodes, boolean hasKeyspace, List<String> missing) {
    public Found {
      missing = List.copyOf(missing);
    }
  }

  private final CqlSession session;
  private final CassandraSettings settings;
  private final DriverWords words;

  private CassandraSetup(CqlSession session, CassandraSettings settings) {
    this.session = session;
    this.settings = settings;
    words = new DriverWords(settings);
  }

  /**
   * Connects.
   *
   * @return fails with {@link TokenStoreException}
   */
  public static Future<CassandraSetup> connect(Vertx vertx, CassandraSettings settings) {
    return DriverSession.open(vertx, settings)
        .recover(error -> failure(new DriverWords(settings), error))
        .map(session -> new CassandraSetup(session, settings));
  }

  private static <T> Future<T> failure(DriverWords words, Throwable error) {
    Throwable bare = DriverWords.bare(error);
    return Future.failedFuture(new TokenStoreException(words.of(bare), bare));
  }

  private Future<AsyncResultSet> say(String text, Object... values) {
    SimpleStatement statement =
        SimpleStatement.builder(text)
            .addPositionalValues(values)
            .setTimeout(DriverSession.LONG)
            .build();
    return Future.fromCompletionStage(session.executeAsync(statement))
        .recover(error -> failure(words, error));
  }

  /** Looks what is there. */
  public Future<Found> look() {
    Future<AsyncResultSet> local = say("SELECT data_center FROM system.local");
    Future<AsyncResultSet> peers = say("SELECT peer FROM system.peers");
    Future<AsyncResultSet> keyspace =
        say(
            "SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?",
            settings.keyspace());
    Future<AsyncResultSet> tables =
        say(
            "SELECT table_name FROM system_schema.tables WHERE keyspace_name = ?",
            settings.keyspace());
    return Future.all(local, peers, keyspace, tables)
        .map(
            done ->
                new Found(
                    local.result().one().getString(0),
                    1
                        + (int)
                            StreamSupport.stream(peers.result().currentPage().spliterator(), false)
                                .count(),
                    keyspace.result().one() != null,
                    missing(tables.result())));
  }

  private List<String> missing(AsyncResultSet tables) {
    List<String> missing = new ArrayList<>(TokenTables.names(settings));
    for (Row row : tables.currentPage()) {
      boolean unused = missing.remove(row.getString(0));
    }
    return missing;
  }

  /**
   * Makes what is missing.
   *
   * @param replicas how many copies in each datacenter, for a keyspace that is made
   */
  public Future<Void> create(Found found, Map<String, Integer> replicas) {
    List<String> statements = new ArrayList<>();
    if (!found.hasKeyspace()) {
      String copies =
          replicas.entrySet().stream()
              .map(one -> ", '" + one.getKey().replace("'", "''") + "': " + one.getValue())
              .collect(Collectors.joining());
      statements.add(
          "CREATE KEYSPACE IF NOT EXISTS "
              + TokenTables.keyspace(settings)
              + " WITH replication = {'class': 'NetworkTopologyStrategy'"
              + copies
              + "}");
    }
    statements.addAll(TokenTables.creation(settings));
    Future<AsyncResultSet> last = Future.succeededFuture();
    for (String statement : statements) {
      last = last.compose(done -> say(statement));
    }
    return last.mapEmpty();
  }

  /** Ends the connection. */
  public Future<Void> close() {
    return Future.fromCompletionStage(session.closeAsync());
  }
}
