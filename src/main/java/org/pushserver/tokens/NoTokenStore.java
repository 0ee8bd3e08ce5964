// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import io.vertx.core.Future;
import java.util.List;

/** What is there instead of a store where no tokens are to be stored. */
public enum NoTokenStore implements TokenStore {
  /** Where it is wanted so. */
  INSTANCE("none", Words.OFF, ""),

  /** Where there is to be a cluster, and it is not said which: in no other store are its tokens. */
  UNNAMED_CLUSTER("Cassandra", Words.UNNAMED, Words.UNNAMED);

  /** How to have one, in an operator's words. */
  public static final String OFF = Words.OFF;

  private final String kind;
  private final String refusal;
  private final String problem;

  NoTokenStore(String kind, String refusal, String problem) {
    this.kind = kind;
    this.refusal = refusal;
    this.problem = problem;
  }

  private static final class Words {
    static final String OFF =
        "Stored tokens are off: set store = sqlite in [tokens] of general.ini, and restart";
    static final String UNNAMED =
        "[Cassandra] in general.ini does not say where tokens are stored: set"
            + " cluster_contact_points and keyspace, and restart; pushserver check-config says what"
            + " is wrong";
  }

  private <T> Future<T> off() {
    return Future.failedFuture(new TokenStoreException(refusal));
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
    return off();
  }

  @Override
  public TokenStoreState state() {
    return new TokenStoreState(kind, problem.isEmpty(), problem);
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }
}
