// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** What is there instead of a store where no tokens are to be stored. */
public enum NoTokenStore implements TokenStore {
  /** The one. */
  INSTANCE;

  /** How to have one, in an operator's words. */
  public static final String OFF =
      "Stored tokens are off: set store = sqlite in [tokens] of general.ini, and restart";

  private static <T> Future<T> off() {
    return Future.failedFuture(new TokenStoreException(OFF));
  }

  @Override
  public Future<Void> add(StoredToken token) {
    return off();
  }

  @Override
  public Future<Removal> remove(String account, String appId, String deviceId) {
    return off();
  }

  @Override
  public Future<List<StoredToken>> devices(String account) {
    return off();
  }

  @Override
  public Future<Integer> dead(DeadDevice dead) {
    return Future.succeededFuture(0);
  }

  @Override
  public Future<TokenPage> list(String after, int most) {
    return off();
  }

  @Override
  public Future<TokenCount> count() {
    return Future.succeededFuture(new TokenCount(0, Map.of()));
  }

  @Override
  public TokenStoreState state() {
    return new TokenStoreState("none", true, "");
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }
}
