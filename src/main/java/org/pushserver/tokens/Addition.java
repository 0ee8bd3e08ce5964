// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import java.util.List;
import java.util.Objects;

/**
 * What became of a device that was to be stored unless something newer is there. Immutable.
 *
 * @param what became of it
 * @param twins records of the same phone, under another device-id or account, that gave way to it,
 *     or to which it gave way
 */
public record Addition(What what, int twins) {
  /** What became of it. */
  public enum What {
    /** It is stored, and was not before. */
    ADDED,
    /** It has taken the place of an older record. */
    RENEWED,
    /** It was there already, just so. */
    SAME,
    /** What is there is newer, and stays; nothing has changed. */
    KEPT
  }

  public Addition {
    Objects.requireNonNull(what, "what");
  }

  /**
   * What has to become of it. Pure.
   *
   * @param token to be stored
   * @param stored what is there; others than those that would go when it is stored do not matter
   */
  public static Addition of(StoredToken token, List<StoredToken> stored) {
    boolean known = false;
    boolean newer = false;
    boolean same = false;
    int twins = 0;
    for (StoredToken one : stored) {
      boolean own = isKey(token, one);
      if (own || isTwin(token, one)) {
        known |= own;
        twins += own ? 0 : 1;
        newer |= one.storedAt() > token.storedAt();
        same |= own && isSame(token, one);
      }
    }
    if (newer) {
      return new Addition(What.KEPT, twins);
    } else if (known) {
      return new Addition(same && twins == 0 ? What.SAME : What.RENEWED, twins);
    }
    return new Addition(What.ADDED, twins);
  }

  private static boolean isKey(StoredToken one, StoredToken other) {
    return isOfOne(one, other) && one.deviceId().equals(other.deviceId());
  }

  private static boolean isOfOne(StoredToken one, StoredToken other) {
    return one.app().appId().equals(other.app().appId())
        && AccountNames.canonical(one.account()).equals(AccountNames.canonical(other.account()));
  }

  /** Whether both are of one phone. */
  private static boolean isTwin(StoredToken one, StoredToken other) {
    return one.app().appId().equals(other.app().appId())
        && (other.rings(one.token())
            || (isOfOne(one, other) && DeviceIds.isSame(one.deviceId(), other.deviceId())));
  }

  /** Whether there is nothing to write; when it was seen does not matter. */
  private static boolean isSame(StoredToken one, StoredToken other) {
    return one.app().equals(other.app())
        && one.token().equals(other.token())
        && Objects.equals(one.background(), other.background())
        && one.silent() == other.silent()
        && Objects.equals(one.userAgent(), other.userAgent())
        && one.storedAt() == other.storedAt();
  }
}
