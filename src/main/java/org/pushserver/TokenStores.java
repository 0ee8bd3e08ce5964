// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Vertx;
import org.pushserver.cassandra.CassandraTokenStore;
import org.pushserver.config.ServerSettings;
import org.pushserver.config.TokenSettings;
import org.pushserver.spi.Time;
import org.pushserver.tokens.NoTokenStore;
import org.pushserver.tokens.StoredTokens;
import org.pushserver.tokens.TokenStore;

/** The choice of the store of tokens: the only place that knows which there are. */
final class TokenStores {
  private TokenStores() {}

  /** Opens a store. */
  interface Opening {
    /**
     * Opens it. Never fails: a store that cannot be used says so itself.
     *
     * @param time the clock by which tokens are stored
     */
    TokenStore open(Vertx vertx, ServerSettings settings, Time time);
  }

  /** Opens the one that the settings name; nothing of the others is loaded. */
  static TokenStore open(Vertx vertx, ServerSettings settings, Time time) {
    TokenSettings tokens = settings.tokens();
    return switch (tokens.store()) {
      case CASSANDRA ->
          new CassandraTokenStore(vertx, settings.cassandra(), tokens.cache(), time::now);
      case SQLITE -> inFile(tokens);
      case UNNAMED_CLUSTER -> NoTokenStore.UNNAMED_CLUSTER;
      case NONE -> NoTokenStore.INSTANCE;
    };
  }

  private static TokenStore inFile(TokenSettings settings) {
    StoredTokens stored = new StoredTokens(settings.file(), settings.cache());
    stored.start(settings.isNamed());
    return stored;
  }
}
