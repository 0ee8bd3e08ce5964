// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import java.util.HashSet;
import java.util.Set;

/**
 * Notices when an application's push service knows none of its tokens: then it is the wrong
 * environment or project that is asked, and the tokens are good. Of the last ends none was a
 * delivery, and most were tokens that the service never knew. Confined to one event loop, but for
 * {@link #isTold}.
 */
final class DeadTokenGuard {
  /** How many ends it looks back. */
  static final int ENDS = 50;

  /** So many devices are no accident any more, and worth telling. */
  static final int ENOUGH = 5;

  private static final long MASK = (1L << ENDS) - 1;

  /** One bit for each end, the last one lowest. */
  private long looked;

  private long delivered;
  private long unknown;

  /** Devices whose tokens were kept since the last delivery, by the hash of these; not all. */
  private final Set<Integer> kept = new HashSet<>();

  private volatile boolean told;

  /** Whether the operator was told that tokens are kept, and not yet that this is over. */
  boolean isTold() {
    return told;
  }

  /** How many of the last ends it knows of. */
  int looked() {
    return Long.bitCount(looked);
  }

  /**
   * Takes note of a delivery.
   *
   * @return whether something is over with it that was told
   */
  boolean delivered() {
    note(1, 0);
    if (kept.isEmpty()) {
      return false;
    }
    kept.clear();
    boolean wasTold = told;
    told = false;
    return wasTold;
  }

  /**
   * Takes note of a dead token.
   *
   * @param wasKnown whether the service says that it knew the token once
   * @return whether its record may go
   */
  boolean mayGo(boolean wasKnown, String token) {
    note(0, wasKnown ? 0 : 1);
    boolean mayGo = delivered != 0 || Long.bitCount(unknown) * 2 <= looked();
    if (!mayGo && kept.size() < ENOUGH) {
      kept.add(token.hashCode());
    }
    return mayGo;
  }

  /** Whether the operator is to be told now that tokens are kept; true once. */
  boolean isToBeTold() {
    if (told || kept.size() < ENOUGH) {
      return false;
    }
    told = true;
    return true;
  }

  private void note(long isDelivered, long isUnknown) {
    looked = ((looked << 1) | 1) & MASK;
    delivered = ((delivered << 1) | isDelivered) & MASK;
    unknown = ((unknown << 1) | isUnknown) & MASK;
  }
}
