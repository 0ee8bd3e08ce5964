// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pushserver.push.AppKey;
import org.pushserver.tokens.Addition.What;
import org.pushserver.tokens.TokenStore.Removal;

/**
 * Changes the file of stored tokens. What was changed is there for good, and seen by others, after
 * {@link #commit}. Blocks; confined to one thread.
 */
final class TokenDatabase implements AutoCloseable {
  private static final int MOST_APPS = 10_000;

  private final Connection file;
  private final StoredRows rows;
  private final PreparedStatement app;
  private final PreparedStatement newApp;
  private final PreparedStatement insert;
  private final PreparedStatement update;
  private final PreparedStatement delete;
  private final PreparedStatement seen;

  /** The numbers of applications, which are never removed. */
  private final Map<AppKey, Long> apps = new HashMap<>();

  /** Of those accounts something was changed since the last commit. */
  private final Set<String> touched = new HashSet<>();

  private TokenDatabase(Connection file) throws SQLException {
    this.file = file;
    rows = StoredRows.of(file);
    app = file.prepareStatement("SELECT no FROM app WHERE app_id = ? AND platform = ?");
    newApp = file.prepareStatement("INSERT INTO app (app_id, platform) VALUES (?, ?)");
    insert =
        file.prepareStatement(
            "INSERT INTO device (account, app, device_id, token, background, silent, user_agent,"
                + " stored_at, seen_at, token_hash, background_hash)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    update =
        file.prepareStatement(
            "UPDATE device SET account = ?, app = ?, device_id = ?, token = ?, background = ?,"
                + " silent = ?, user_agent = ?, stored_at = ?, seen_at = ?, token_hash = ?,"
                + " background_hash = ? WHERE no = ?");
    delete = file.prepareStatement("DELETE FROM device WHERE no = ?");
    seen = file.prepareStatement("UPDATE device SET seen_at = ? WHERE no = ?");
  }

  /**
   * Opens the file, which must be there; an empty one gets its tables.
   *
   * @param busyMs how long it waits for somebody else who writes
   */
  static TokenDatabase open(Path path, int busyMs) throws SQLException, TokenStoreException {
    return open(path, busyMs, false);
  }

  /**
   * @param isBulky whether many devices are stored in one step, which then has the memory for it
   */
  static TokenDatabase open(Path path, int busyMs, boolean isBulky)
      throws SQLException, TokenStoreException {
    Connection file = TokenSchema.write(path, busyMs);
    try {
      if (isBulky) {
        TokenSchema.makeRoom(file);
      }
      return new TokenDatabase(file);
    } catch (SQLException e) {
      file.close();
      throw e;
    }
  }

  /** Differs from its last value when somebody else has changed the file since. */
  long otherChanges() throws SQLException {
    return TokenSchema.number(file, "PRAGMA data_version");
  }

  void begin() throws SQLException {
    touched.clear();
    TokenSchema.execute(file, "BEGIN IMMEDIATE");
  }

  /** Makes sure of what was changed. */
  void commit() throws SQLException {
    TokenSchema.execute(file, "COMMIT");
  }

  /** Gives up what was changed since {@link #begin}. */
  void rollback() {
    touched.clear();
    apps.clear();
    try {
      TokenSchema.execute(file, "ROLLBACK");
    } catch (SQLException e) {
      // SQLite has done so itself after some failures.
      return;
    }
  }

  /** Of which accounts something was changed since {@link #begin}. */
  Set<String> touched() {
    return touched;
  }

  /** As {@link TokenStore#add}; the account in its canonical spelling. */
  void add(StoredToken token) throws SQLException {
    add(token, related(token));
  }

  /** All that may stand for the same phone, by its number. */
  private Map<Long, StoredToken> related(StoredToken token) throws SQLException {
    Map<Long, StoredToken> related = rows.ofAccount(token.account());
    related.putAll(rows.registeredWith(token.app(), token.token()));
    return related;
  }

  private void add(StoredToken token, Map<Long, StoredToken> others) throws SQLException {
    String appId = token.app().appId();
    Long own = null;
    for (Map.Entry<Long, StoredToken> one : others.entrySet()) {
      StoredToken other = one.getValue();
      if (!other.app().appId().equals(appId)) {
        continue;
      }
      boolean sameAccount = other.account().equals(token.account());
      if (sameAccount && other.deviceId().equals(token.deviceId())) {
        own = one.getKey();
      } else if (other.rings(token.token())
          || (sameAccount && DeviceIds.isSame(other.deviceId(), token.deviceId()))) {
        remove(one.getKey(), other);
      }
    }
    if (own == null) {
      bind(insert, token, app(token.app()));
      int unused = insert.executeUpdate();
      boolean unusedToo = touched.add(token.account());
    } else {
      update(own, token);
    }
  }

  private void update(long number, StoredToken token) throws SQLException {
    bind(update, token, app(token.app()));
    update.setLong(12, number);
    int unused = update.executeUpdate();
    boolean unusedToo = touched.add(token.account());
  }

  /** As {@link TokenStore#addUnlessNewer}; the account in its canonical spelling. */
  Addition addUnlessNewer(StoredToken token) throws SQLException {
    Map<Long, StoredToken> stored = related(token);
    Addition addition = Addition.of(token, List.copyOf(stored.values()));
    if (addition.what() == What.ADDED || addition.what() == What.RENEWED) {
      add(token, stored);
    }
    return addition;
  }

  /** Sets the columns of a row; its number comes after them. */
  static void bind(PreparedStatement statement, StoredToken token, long app) throws SQLException {
    statement.setString(1, token.account());
    statement.setLong(2, app);
    PackedText.bindId(statement, 3, token.deviceId());
    PackedText.bindToken(statement, 4, token.token());
    PackedText.bindToken(statement, 5, token.background());
    statement.setBoolean(6, token.silent());
    statement.setString(7, token.userAgent());
    statement.setLong(8, token.storedAt());
    statement.setLong(9, token.lastSeen());
    statement.setLong(10, PackedText.hash(token.token()));
    if (token.background() == null || token.isForCallsAlone()) {
      statement.setNull(11, Types.INTEGER);
    } else {
      statement.setLong(11, PackedText.hash(token.background()));
    }
  }

  private long app(AppKey key) throws SQLException {
    Long known = apps.get(key);
    if (known == null) {
      known = readApp(key);
      if (apps.size() < MOST_APPS) {
        Long unused = apps.put(key, known);
      }
    }
    return known;
  }

  private long readApp(AppKey key) throws SQLException {
    app.setString(1, key.appId());
    app.setString(2, key.platform());
    try (ResultSet row = app.executeQuery()) {
      if (row.next()) {
        return row.getLong(1);
      }
    }
    newApp.setString(1, key.appId());
    newApp.setString(2, key.platform());
    int unused = newApp.executeUpdate();
    return TokenSchema.number(file, "SELECT last_insert_rowid()");
  }

  private void remove(long number, StoredToken gone) throws SQLException {
    delete.setLong(1, number);
    int unused = delete.executeUpdate();
    boolean unusedToo = touched.add(gone.account());
  }

  /** As {@link TokenStore#addUnlessNewer(List)}; the accounts in their canonical spelling. */
  List<Addition> addUnlessNewer(List<StoredToken> tokens) throws SQLException {
    List<Addition> additions = new ArrayList<>(tokens.size());
    for (StoredToken one : tokens) {
      boolean unused = additions.add(addUnlessNewer(one));
    }
    return additions;
  }

  /** As {@link TokenStore#remove}; the account in its canonical spelling. */
  Removal remove(String account, String appId, String deviceId) throws SQLException {
    Map<Long, StoredToken> devices = rows.ofAccount(account);
    Removal removal = devices.isEmpty() ? Removal.NO_SUCH_ACCOUNT : Removal.NO_SUCH_DEVICE;
    for (Map.Entry<Long, StoredToken> one : devices.entrySet()) {
      if (one.getValue().app().appId().equals(appId)
          && DeviceIds.isSame(one.getValue().deviceId(), deviceId)) {
        remove(one.getKey(), one.getValue());
        removal = Removal.REMOVED;
      }
    }
    return removal;
  }

  /** As {@link TokenStore#dead}. */
  int dead(DeadDevice dead) throws SQLException {
    int found = 0;
    for (Map.Entry<Long, StoredToken> one : rows.withToken(dead.app(), dead.token()).entrySet()) {
      StoredToken token = one.getValue();
      if (token.app().equals(dead.app()) && token.storedAt() <= dead.since()) {
        StoredToken left = token.without(dead.token());
        if (left == null) {
          remove(one.getKey(), token);
        } else {
          update(one.getKey(), left);
        }
        found++;
      }
    }
    return found;
  }

  /** As {@link TokenStore#seen}; the account in its canonical spelling. */
  void seen(String account, String appId, String deviceId, long now) throws SQLException {
    for (Map.Entry<Long, StoredToken> one : rows.ofAccount(account).entrySet()) {
      StoredToken token = one.getValue();
      if (token.app().appId().equals(appId)
          && token.deviceId().equals(deviceId)
          && token.lastSeen() < now) {
        seen.setLong(1, now);
        seen.setLong(2, one.getKey());
        int unused = seen.executeUpdate();
        boolean unusedToo = touched.add(account);
      }
    }
  }

  /** Changes nothing, but needs all that a change needs; within {@link #begin} and commit. */
  void probe() throws SQLException {
    TokenSchema.execute(file, "UPDATE total SET accounts = accounts");
  }

  @Override
  public void close() throws SQLException {
    try {
      rows.close();
      for (PreparedStatement one :
          new PreparedStatement[] {app, newApp, insert, update, delete, seen}) {
        one.close();
      }
    } finally {
      file.close();
    }
  }
}
