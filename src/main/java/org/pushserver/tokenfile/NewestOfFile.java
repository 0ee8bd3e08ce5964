// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokenfile;

import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.pushserver.push.AppKey;
import org.pushserver.tokens.AccountLanes;
import org.pushserver.tokens.AccountNames;
import org.pushserver.tokens.Addition;
import org.pushserver.tokens.StoredToken;
import org.pushserver.tokens.TokenStore;

/**
 * Stores the devices of a file where all counts as stored at that moment: of two rows of one phone
 * the newer one stays all the same, whichever comes first, as long as not more than {@link #MOST}
 * others stand between them. Any thread.
 */
final class NewestOfFile {
  /** Some hundred bytes each. */
  static final int MOST = 100_000;

  private record Key(String account, String appId, String deviceId) {
    static Key of(StoredToken token) {
      return new Key(
          AccountNames.canonical(token.account()), token.app().appId(), token.deviceId());
    }
  }

  private final TokenStore store;

  /** The rows that were stored last. Guarded by itself. */
  private final Map<Key, StoredToken> rows =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, StoredToken> eldest) {
          return size() > MOST;
        }
      };

  NewestOfFile(TokenStore store) {
    this.store = store;
  }

  /** As {@link TokenStore#addUnlessNewer(List)}. */
  Future<List<Addition>> add(List<StoredToken> tokens) {
    return AccountLanes.each(tokens, this::add);
  }

  private Future<Addition> add(StoredToken token) {
    return store
        .devices(token.account())
        .map(stored -> Addition.of(token, stored.stream().map(this::asInFile).toList()))
        .compose(
            addition ->
                switch (addition.what()) {
                  case ADDED, RENEWED -> store.add(token).map(done -> remembered(token, addition));
                  case SAME, KEPT -> Future.succeededFuture(addition);
                });
  }

  private Addition remembered(StoredToken token, Addition addition) {
    synchronized (rows) {
      StoredToken unused = rows.put(Key.of(token), token);
    }
    return addition;
  }

  /** What this file has brought has the time that it has there. */
  private StoredToken asInFile(StoredToken stored) {
    StoredToken row;
    synchronized (rows) {
      row = rows.get(Key.of(stored));
    }
    return row != null && isSame(row, stored) ? row : stored;
  }

  private static boolean isSame(StoredToken one, StoredToken other) {
    AppKey app = one.app();
    return app.equals(other.app())
        && one.token().equals(other.token())
        && Objects.equals(one.background(), other.background())
        && one.silent() == other.silent()
        && Objects.equals(one.userAgent(), other.userAgent());
  }
}
