// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.util.UUID;
import java.util.function.LongConsumer;

/**
 * What an entry can be found by, each as one number of 39 bits. Two things may have the same:
 * whoever finds an entry looks whether it is the one. Files hold these numbers, so they never
 * change. Pure.
 */
@SuppressWarnings("EnumOrdinal") // Files hold it; the enum says that its order never changes.
final class TrailKeys {
  /** So many bits a key has: with the number of a block they fit a positive long. */
  static final int BITS = 39;

  private TrailKeys() {}

  static long call(String callId) {
    return of(1, callId);
  }

  static long account(String account) {
    return of(2, account);
  }

  static long device(String device) {
    return of(3, device);
  }

  static long token(long tokenHash) {
    return cut(mix(tokenHash ^ 4));
  }

  static long push(UUID id) {
    return cut(mix(id.getMostSignificantBits() ^ mix(id.getLeastSignificantBits() ^ 6)));
  }

  /** Of an application, on whatever platform. */
  static long app(String appId) {
    return of(5, appId);
  }

  /** Of one application, all that ended so. */
  static long end(String appId, TrailEnd end) {
    return of(16 + end.ordinal(), appId);
  }

  /** Of all applications, and of none. */
  static long end(TrailEnd end) {
    return of(16 + end.ordinal(), "");
  }

  /** Tells each key by which an entry is to be found. */
  static void each(TrailEntry entry, LongConsumer to) {
    to.accept(push(entry.id()));
    if (!entry.callId().isEmpty()) {
      to.accept(call(entry.callId()));
    }
    if (!entry.account().isEmpty()) {
      to.accept(account(entry.account()));
    }
    if (!entry.device().isEmpty()) {
      to.accept(device(entry.device()));
    }
    if (entry.tokenHash() != 0) {
      to.accept(token(entry.tokenHash()));
    }
    // Whatever can be found by these two is in nearly every block; what is rare is worth a key.
    if (entry.app() != null) {
      to.accept(app(entry.app().appId()));
    }
    if (entry.end() != TrailEnd.DELIVERED) {
      to.accept(end(entry.end()));
      if (entry.app() != null) {
        to.accept(end(entry.app().appId(), entry.end()));
      }
    }
  }

  private static long of(int kind, String text) {
    long hash = kind * 0x9E3779B97F4A7C15L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
    }
    return cut(mix(hash));
  }

  private static long mix(long bits) {
    long mixed = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }

  private static long cut(long hash) {
    return hash >>> (Long.SIZE - BITS);
  }
}
