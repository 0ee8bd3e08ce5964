// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.pushserver.push.AppKey;

/** Reads the file of stored tokens. Blocks; confined to one thread. */
final class StoredRows implements AutoCloseable {
  private static final String ROW =
      "SELECT d.no, d.account, a.app_id, a.platform, d.device_id, d.token, d.background, d.silent,"
          + " d.user_agent, d.stored_at, d.seen_at FROM device d JOIN app a ON a.no = d.app ";

  private final Connection file;
  private final boolean isOwn;
  private final PreparedStatement ofAccount;
  private final PreparedStatement withToken;
  private final PreparedStatement withBackground;
  private final PreparedStatement page;

  private StoredRows(Connection file, boolean isOwn) throws SQLException {
    this.file = file;
    this.isOwn = isOwn;
    ofAccount = file.prepareStatement(ROW + "WHERE d.account = ?");
    withToken = file.prepareStatement(ROW + "WHERE d.token_hash = ?");
    withBackground =
        file.prepareStatement(
            ROW + "WHERE d.background_hash = ? AND d.background_hash IS NOT NULL");
    page = file.prepareStatement(ROW + "WHERE d.no > ? ORDER BY d.no LIMIT ?");
  }

  /** Reads by a connection of its own, which it closes. */
  static StoredRows open(Path path, int busyMs) throws SQLException {
    Connection file = TokenSchema.read(path, busyMs);
    try {
      return new StoredRows(file, true);
    } catch (SQLException e) {
      file.close();
      throw e;
    }
  }

  /** Reads by somebody's connection, also what he has not committed. */
  static StoredRows of(Connection file) throws SQLException {
    return new StoredRows(file, false);
  }

  /** The devices of an account by their numbers, which never change. */
  Map<Long, StoredToken> ofAccount(String account) throws SQLException {
    ofAccount.setString(1, account);
    return rows(ofAccount);
  }

  /** The same of those that have a token, whichever of their two it is. */
  Map<Long, StoredToken> withToken(AppKey app, String token) throws SQLException {
    Map<Long, StoredToken> found = found(withToken, app, token);
    found.putAll(found(withBackground, app, token));
    found.values().removeIf(one -> !one.has(token));
    return found;
  }

  private static Map<Long, StoredToken> found(PreparedStatement query, AppKey app, String token)
      throws SQLException {
    Map<Long, StoredToken> found = new TreeMap<>();
    for (String spelling : TokenSpelling.all(app, token)) {
      query.setLong(1, PackedText.hash(spelling));
      found.putAll(rows(query));
    }
    return found;
  }

  /** The same of those that ring by a token: it is the first, or the only one, that they have. */
  Map<Long, StoredToken> registeredWith(AppKey app, String token) throws SQLException {
    Map<Long, StoredToken> found = found(withToken, app, token);
    found.values().removeIf(one -> !one.rings(token));
    return found;
  }

  private static Map<Long, StoredToken> rows(PreparedStatement query) throws SQLException {
    Map<Long, StoredToken> rows = new TreeMap<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        rows.put(
            row.getLong(1),
            new StoredToken(
                row.getString(2),
                new AppKey(row.getString(3), row.getString(4)),
                PackedText.id(row, 5),
                PackedText.token(row, 6),
                PackedText.token(row, 7),
                row.getBoolean(8),
                row.getString(9),
                row.getLong(10),
                row.getLong(11)));
      }
    }
    return rows;
  }

  /** As {@link TokenStore#list}. */
  TokenPage list(long after, int most) throws SQLException {
    page.setLong(1, after);
    page.setInt(2, most + 1);
    Map<Long, StoredToken> rows = rows(page);
    List<Long> numbers = new ArrayList<>(rows.keySet());
    boolean more = numbers.size() > most;
    List<Long> these = more ? numbers.subList(0, most) : numbers;
    return new TokenPage(
        these.stream().map(rows::get).toList(), more ? these.get(most - 1).toString() : null);
  }

  /** As {@link TokenStore#count}. */
  TokenCount count() throws SQLException {
    Map<AppKey, Long> devices = new HashMap<>();
    try (PreparedStatement query =
            file.prepareStatement("SELECT app_id, platform, devices FROM app WHERE devices > 0");
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        devices.put(new AppKey(row.getString(1), row.getString(2)), row.getLong(3));
      }
    }
    return new TokenCount(TokenSchema.number(file, "SELECT accounts FROM total"), devices);
  }

  @Override
  public void close() throws SQLException {
    try {
      ofAccount.close();
      withToken.close();
      withBackground.close();
      page.close();
    } finally {
      if (isOwn) {
        file.close();
      }
    }
  }
}
