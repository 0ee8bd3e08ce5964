// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cassandra;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pushserver.tokens.DeadDevice;

/**
 * Dead tokens that were found while the cluster was away: of each the last word, and so many at
 * most. What there is no room for, the next push to it finds again. Any thread.
 */
final class LateRemovals {
  private static final int MOST = 10_000;

  private final Map<List<Object>, DeadDevice> waiting = new LinkedHashMap<>();

  synchronized void add(DeadDevice dead) {
    List<Object> key = List.of(dead.account(), dead.app(), dead.token());
    if (waiting.size() < MOST || waiting.containsKey(key)) {
      waiting.merge(key, dead, (one, other) -> one.since() >= other.since() ? one : other);
    }
  }

  /** Takes all that wait. */
  synchronized List<DeadDevice> take() {
    List<DeadDevice> all = new ArrayList<>(waiting.values());
    waiting.clear();
    return all;
  }
}
