// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Whom a member that starts has asked, and who is still to be waited for. Where nobody listens
 * nobody will answer: when that is so everywhere, waiting is over. Any thread.
 *
 * @param <A> an address
 */
final class FirstSearch<A> {
  private final Set<A> asked = new HashSet<>();
  private Runnable inVain;

  /**
   * Begins.
   *
   * @param addresses who is asked
   * @param nobody runs at most once: as soon as none of them can answer
   */
  synchronized void begin(Collection<A> addresses, Runnable nobody) {
    asked.clear();
    asked.addAll(addresses);
    inVain = nobody;
    look();
  }

  /** Told when nobody listens there. */
  synchronized void refused(A address) {
    if (asked.remove(address)) {
      look();
    }
  }

  private void look() {
    if (asked.isEmpty() && inVain != null) {
      inVain.run();
      inVain = null;
    }
  }
}
