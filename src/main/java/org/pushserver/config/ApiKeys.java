// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The API keys that open the door. Immutable; any thread. */
public final class ApiKeys {
  /** Nobody needs a key. */
  public static final ApiKeys OPEN = new ApiKeys(List.of(), true);

  private final List<ApiKey> keys;
  private final boolean open;
  private final Map<Long, Entry> entries = new HashMap<>();

  /** A key by its hash, decoded once. */
  private static final class Entry {
    private final byte[] hash;
    private final ApiKey key;

    private Entry(byte[] hash, ApiKey key) {
      this.hash = hash;
      this.key = key;
    }
  }

  private ApiKeys(Collection<ApiKey> keys, boolean open) {
    this.keys = List.copyOf(keys);
    this.open = open;
    for (ApiKey key : keys) {
      byte[] hash = HexFormat.of().parseHex(key.hash());
      entries.put(beginning(hash), new Entry(hash, key));
    }
  }

  /** These keys and no others; without any, nobody may come in. */
  public static ApiKeys of(Collection<ApiKey> keys) {
    return new ApiKeys(keys, false);
  }

  /** Whether nobody needs a key. */
  public boolean isOpen() {
    return open;
  }

  /** How many keys there are. */
  public int size() {
    return keys.size();
  }

  /**
   * The key with this hash; null when there is none.
   *
   * <p>Time tells an outsider nothing: it depends on the hash, whose first bytes nobody can choose
   * by choosing a key, and the rest is compared in constant time.
   */
  public ApiKey find(byte[] hash) {
    Entry entry = entries.get(beginning(hash));
    return entry != null && MessageDigest.isEqual(entry.hash, hash) ? entry.key : null;
  }

  /** The key with this name; null when there is none. */
  public ApiKey named(String name) {
    for (ApiKey key : keys) {
      if (key.name().equals(name)) {
        return key;
      }
    }
    return null;
  }

  /** Whether there is this key, for the same as before. */
  public boolean has(ApiKey key) {
    return keys.contains(key);
  }

  private static long beginning(byte[] hash) {
    return ByteBuffer.wrap(hash).getLong();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ApiKeys that && open == that.open && keys.equals(that.keys);
  }

  @Override
  public int hashCode() {
    return keys.hashCode();
  }

  /** Their names. */
  @Override
  public String toString() {
    return open ? "none needed" : keys.toString();
  }
}
