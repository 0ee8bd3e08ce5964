// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import io.vertx.core.Future;
import java.util.List;

/**
 * Where the devices of accounts are kept. Any thread may call; a future completes on the context of
 * its caller, if he has one, and never blocks him. What has completed is safe: a crash of the
 * process loses none of it. A future fails with {@link TokenStoreException} when the store cannot
 * be used.
 */
public interface TokenStore {
  /** What became of a removal. */
  enum Removal {
    /** The device is gone. */
    REMOVED,
    /** The account has devices, but not this one. */
    NO_SUCH_DEVICE,
    /** The account has no device. */
    NO_SUCH_ACCOUNT
  }

  /**
   * Why nothing can be stored for an account here, whatever else is given: a sentence for who
   * asked, and a mistake of his (400), not a fault of the store. To be asked before {@link #add},
   * which fails with {@link IllegalArgumentException} for such an account; for all else it has no
   * device.
   *
   * @return null when there is no reason
   */
  default String refusal(String account) {
    return null;
  }

  /**
   * Stores a device, or renews it. What else stands for the same phone goes: a record of the same
   * account and application with the same token, or with the device-id as the old system mangled it
   * ({@link DeviceIds#mangled}); and, where the store can find it, one of another account.
   */
  Future<Void> add(StoredToken token);

  /**
   * Stores a device as {@link #add} does, unless what it would take the place of was stored later.
   * A store that can do both in one step does; this asks first, and then stores.
   *
   * @return what became of it
   */
  default Future<Addition> addUnlessNewer(StoredToken token) {
    return devices(token.account())
        .map(stored -> Addition.of(token, stored))
        .compose(
            addition ->
                switch (addition.what()) {
                  case ADDED, RENEWED -> add(token).map(addition);
                  case SAME, KEPT -> Future.succeededFuture(addition);
                });
  }

  /**
   * Stores many devices as {@link #addUnlessNewer(StoredToken)} does, in their order. A store that
   * can do so in one step does: then all are stored, or none.
   *
   * @return what became of each
   */
  default Future<List<Addition>> addUnlessNewer(List<StoredToken> tokens) {
    return AccountLanes.each(tokens, this::addUnlessNewer);
  }

  /**
   * Whether somebody else has it as well who has to wait while many devices are stored in one step.
   * Blocks for some microseconds.
   */
  default boolean isShared() {
    return false;
  }

  /** Removes a device; its id may be the mangled form of the one that is stored, or the reverse. */
  Future<Removal> remove(String account, String appId, String deviceId);

  /**
   * All devices of an account.
   *
   * @return in {@link StoredToken#ORDER}; empty when there is none
   */
  Future<List<StoredToken>> devices(String account);

  /**
   * Removes what has a token that the push service does not know any more, unless it was stored
   * again after that. Where that is not the token for calls, only the token goes: see {@link
   * StoredToken#without}.
   *
   * @return how many records went, or lost that token
   */
  Future<Integer> dead(DeadDevice dead);

  /**
   * Says that a push to a device was delivered. Costs nothing when that is known of the same day.
   */
  default void seen(StoredToken token, long now) {}

  /**
   * Some of all records, in the store's own order.
   *
   * @param after the {@code next} of the page before; null for the first
   * @param most 1 to 10 000
   */
  Future<TokenPage> list(String after, int most);

  /** How many devices there are, by application and platform. */
  Future<TokenCount> count();

  /** How it is with the store, for health. */
  TokenStoreState state();

  /**
   * Lets another server have it as well, while this one ends what it has accepted: gives up what
   * only one may have, of which there is nothing by default. Any thread; does not block.
   */
  default void share() {}

  /** Ends what has begun, and gives everything back. Nothing may be asked afterwards. */
  Future<Void> close();
}
