// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import org.pushserver.events.PushListener;
import org.pushserver.observe.Monitoring;
import org.pushserver.spi.Time;
import org.pushserver.tokens.DeadTokenRemoval;
import org.pushserver.tokens.NoTokenStore;
import org.pushserver.tokens.TokenStore;
import org.pushserver.tokens.UnseenTokens;

/**
 * A store of tokens with what keeps it true and measures it; of that there is nothing where no
 * tokens are stored. Any thread.
 */
final class TokenUpkeep {
  private final TokenStore store;

  /** Null where no tokens are stored. */
  private final DeadTokenRemoval removal;

  /** Null when devices stay however long nothing is heard of them. */
  private final UnseenTokens unseen;

  private TokenUpkeep(TokenStore store, DeadTokenRemoval removal, UnseenTokens unseen) {
    this.store = store;
    this.removal = removal;
    this.unseen = unseen;
  }

  /**
   * Begins with it.
   *
   * @param days after which a device goes that was not seen; 0 for never
   */
  static TokenUpkeep of(TokenStore opened, int days, Monitoring monitoring, Time time) {
    if (opened == NoTokenStore.INSTANCE) {
      return new TokenUpkeep(opened, null, null);
    }
    TokenStore store = monitoring.measure(opened);
    DeadTokenRemoval removal = new DeadTokenRemoval(store, time);
    monitoring.watch(store);
    monitoring.watch(removal);
    UnseenTokens unseen = days == 0 ? null : new UnseenTokens(store, time, days);
    if (unseen != null) {
      monitoring.watch(unseen);
      unseen.start();
    }
    return new TokenUpkeep(store, removal, unseen);
  }

  /** The store, for all who ask it. */
  TokenStore store() {
    return store;
  }

  /** The same for who shows it; null where no tokens are stored. */
  TokenStore shown() {
    return removal == null ? null : store;
  }

  /** What has to be told of each push; null where no tokens are stored. */
  PushListener listener() {
    return removal;
  }

  /** Asks the store nothing more. */
  void close() {
    if (removal != null) {
      removal.close();
    }
    if (unseen != null) {
      unseen.close();
    }
  }
}
