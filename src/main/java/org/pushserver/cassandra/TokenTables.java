// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.ColumnDefinition;
import com.datastax.oss.driver.api.core.cql.ColumnDefinitions;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.type.DataTypes;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.pushserver.config.CassandraSettings;
import org.pushserver.tokens.StoredToken;

/**
 * What is said to the two tables: statements that the cluster has understood beforehand. What
 * writes carries its time, so that of two writes the one that is meant to be later wins, whoever's
 * clock is wrong. Any thread.
 */
final class TokenTables {
  private static final String MOBILE = "mobile_devices";

  private final List<PreparedStatement> statements;

  private TokenTables(List<PreparedStatement> statements) {
    this.statements = statements;
  }

  /** The keyspace as CQL: as it is spelt, which is how existing systems name theirs. */
  static String keyspace(CassandraSettings settings) {
    return '"' + settings.keyspace() + '"';
  }

  /** The table of devices as CQL. */
  static String devices(CassandraSettings settings) {
    return keyspace(settings) + "." + settings.table().toLowerCase(Locale.ROOT);
  }

  /** The table that OpenSIPS reads as CQL. */
  static String mobile(CassandraSettings settings) {
    return keyspace(settings) + "." + MOBILE;
  }

  /** The names of both tables in their keyspace. */
  static List<String> names(CassandraSettings settings) {
    return List.of(settings.table().toLowerCase(Locale.ROOT), MOBILE);
  }

  /** What makes all of it that is not there. */
  static List<String> creation(CassandraSettings settings) {
    return List.of(
        "CREATE TABLE IF NOT EXISTS "
            + devices(settings)
            + " (username text, domain text, device_id text, app_id text, background_token text,"
            + " device_token text, platform text, silent text, user_agent text,"
            + " PRIMARY KEY ((username, domain), device_id, app_id))",
        "CREATE TABLE IF NOT EXISTS "
            + mobile(settings)
            + " (opensipskey text PRIMARY KEY, opensipsval text)");
  }

  /** Tells the cluster what will be said. */
  static Future<TokenTables> prepare(CqlSession session, CassandraSettings settings) {
    String devices = devices(settings);
    String mobile = mobile(settings);
    String one = " WHERE username = ? AND domain = ?";
    String dates =
        IntStream.range(0, FoundToken.DATED.length)
            .mapToObj(i -> ", WRITETIME(" + FoundToken.DATED[i] + ") AS w" + i)
            .collect(Collectors.joining());
    String columns =
        "device_id, app_id, platform, device_token, background_token, silent, user_agent" + dates;
    List<Future<PreparedStatement>> asked = new ArrayList<>();
    for (String text :
        List.of(
            "SELECT " + columns + " FROM " + devices + one,
            "INSERT INTO "
                + devices
                + " (username, domain, device_id, app_id, platform, device_token,"
                + " background_token, silent, user_agent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " USING TIMESTAMP ?",
            "DELETE FROM "
                + devices
                + " USING TIMESTAMP ?"
                + one
                + " AND device_id = ? AND app_id = ?",
            "SELECT WRITETIME(opensipsval) AS w FROM " + mobile + " WHERE opensipskey = ?",
            "INSERT INTO "
                + mobile
                + " (opensipskey, opensipsval) VALUES (?, '1') USING TIMESTAMP ?",
            "DELETE FROM " + mobile + " USING TIMESTAMP ? WHERE opensipskey = ?",
            "SELECT username, domain, " + columns + " FROM " + devices,
            "SELECT username, domain, app_id, platform FROM " + devices,
            "UPDATE "
                + devices
                + " USING TIMESTAMP ? SET background_token = ''"
                + one
                + " AND device_id = ? AND app_id = ?")) {
      asked.add(Future.fromCompletionStage(session.prepareAsync(text)));
    }
    return Future.all(asked)
        .compose(
            done -> {
              List<PreparedStatement> statements = asked.stream().map(Future::result).toList();
              String wrong =
                  Stream.of(1, 4)
                      .map(number -> wrongColumn(statements.get(number).getVariableDefinitions()))
                      .filter(fault -> !fault.isEmpty())
                      .collect(Collectors.joining(", "));
              return wrong.isEmpty()
                  ? Future.succeededFuture(new TokenTables(statements))
                  : Future.failedFuture(new WrongColumnException(wrong));
            });
  }

  /** The first column that is no text, though all are but the time; empty when there is none. */
  private static String wrongColumn(ColumnDefinitions columns) {
    for (ColumnDefinition column : columns) {
      boolean isTime = column.getName().asInternal().equals("[timestamp]");
      if (!isTime && !column.getType().equals(DataTypes.TEXT)) {
        return "the column "
            + column.getName().asCql(true)
            + " of "
            + column.getTable().asCql(true)
            + " is "
            + column.getType().asCql(false, true)
            + " and has to be text";
      }
    }
    return "";
  }

  /** All devices of an account. */
  BoundStatement devices(AccountKey key) {
    return statements.get(0).bind(key.user(), key.domain());
  }

  /**
   * Stores a device.
   *
   * @param at microseconds since the epoch
   */
  BoundStatement add(AccountKey key, StoredToken token, long at) {
    return statements
        .get(1)
        .bind(
            key.user(),
            key.domain(),
            token.deviceId(),
            token.app().appId(),
            token.app().platform(),
            token.isWithoutVoip() ? "" : token.token(),
            token.background(),
            token.silent() ? "1" : "0",
            token.userAgent(),
            at);
  }

  /**
   * Removes a row as it was found: not what was written since, but for a token that somebody else
   * takes out of the same row at the same time. That alone would be no device.
   */
  BoundStatement remove(AccountKey key, FoundToken found) {
    StoredToken token = found.token();
    return remove(key, token.deviceId(), token.app().appId(), found.undone());
  }

  /** Removes a row, but not what was written to it later than then. */
  BoundStatement remove(AccountKey key, String deviceId, String appId, long at) {
    return statements.get(2).bind(at, key.user(), key.domain(), deviceId, appId);
  }

  /**
   * Takes the token for all but calls out of a row as it was found: of what was written since
   * nothing. Equal times would not do, as then the greater value stays.
   */
  BoundStatement removeBackground(AccountKey key, FoundToken found) {
    StoredToken token = found.token();
    return statements
        .get(8)
        .bind(found.undone(), key.user(), key.domain(), token.deviceId(), token.app().appId());
  }

  /** When an account was last said to have a device, as {@code w}; no row when it was not. */
  BoundStatement mobile(AccountKey key) {
    return statements.get(3).bind(key.account());
  }

  /** Says that an account has a device. */
  BoundStatement setMobile(AccountKey key, long at) {
    return statements.get(4).bind(key.account(), at);
  }

  /** Says that it has none, unless somebody has said later than then that it has. */
  BoundStatement unsetMobile(AccountKey key, long at) {
    return statements.get(5).bind(at, key.account());
  }

  /** All rows. */
  BoundStatement all() {
    return statements.get(6).bind();
  }

  /** All rows, no more of each than it takes to count them. */
  BoundStatement applications() {
    return statements.get(7).bind();
  }
}
