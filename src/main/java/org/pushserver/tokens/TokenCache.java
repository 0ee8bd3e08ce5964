// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The accounts that were asked for last, also those that have no device, in a bounded number of
 * bytes; their devices packed, so that of as many bytes most are of use. What is read while the
 * account is changed is not kept: no reader can put back what a change has made untrue. Any thread.
 */
final class TokenCache {
  /** A power of two; of so many accounts one has to be read again when another is changed. */
  private static final int STRIPES = 4096;

  private static final int USUAL_BYTES = 360;

  /** What an account takes beside its name and its devices, with its place in the map. */
  private static final int ACCOUNT_BYTES = 180;

  /** Of the heap; pushes that wait take their share, too. */
  private static final int HEAP_SHARE = 8;

  private final Cache<String, byte[]> accounts;
  private final boolean keeps;
  private final PackedDevices packed = new PackedDevices();
  private final AtomicLongArray changes = new AtomicLongArray(STRIPES);
  private final AtomicLong clears = new AtomicLong();
  private final AtomicLong hits = new AtomicLong();
  private final AtomicLong misses = new AtomicLong();

  /** What was true when a reading began. */
  record Mark(long change, long clear) {}

  /**
   * @param most how many accounts with one device it may have, about
   */
  TokenCache(int most) {
    this(Math.min((long) most * USUAL_BYTES, Runtime.getRuntime().maxMemory() / HEAP_SHARE));
  }

  private TokenCache(long bytes) {
    keeps = bytes > 0;
    accounts =
        Caffeine.newBuilder()
            .maximumWeight(bytes)
            .weigher(TokenCache::weight)
            // It has nothing to do there that takes long.
            .executor(Runnable::run)
            .build();
  }

  private static int weight(String account, byte[] devices) {
    return ACCOUNT_BYTES + account.length() + devices.length;
  }

  /** The devices of an account; null when they have to be read. */
  List<StoredToken> get(String account) {
    byte[] known = accounts.getIfPresent(account);
    long unused = known == null ? misses.incrementAndGet() : hits.incrementAndGet();
    return known == null ? null : packed.unpack(account, known);
  }

  private static int stripe(String account) {
    int hash = account.hashCode();
    return (hash ^ (hash >>> 16)) & (STRIPES - 1);
  }

  /** To be called before an account is read. */
  Mark mark(String account) {
    return new Mark(changes.get(stripe(account)), clears.get());
  }

  /** Keeps what was read, unless it may have changed since. */
  void put(String account, List<StoredToken> devices, Mark before) {
    if (!keeps) {
      return;
    }
    byte[] kept = packed.pack(devices);
    // In one step with what changed() does: the map has a lock for it.
    var unused =
        accounts.asMap().compute(account, (name, old) -> before.equals(mark(account)) ? kept : old);
  }

  /** To be called after a change can be read, and before anybody is told of it. */
  void changed(String account) {
    long unused = changes.incrementAndGet(stripe(account));
    var unusedDevices = accounts.asMap().remove(account);
  }

  /** The same when nobody knows what was changed. */
  void clear() {
    long unused = clears.incrementAndGet();
    accounts.invalidateAll();
  }

  /** How many accounts it has, about. */
  long size() {
    accounts.cleanUp();
    return accounts.estimatedSize();
  }

  /** How often an account was there. */
  long hits() {
    return hits.get();
  }

  /** How often an account had to be read. */
  long misses() {
    return misses.get();
  }
}
