// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A count for each of a few words, from 0 on. Any thread. */
final class CountsBy<E extends Enum<E>> {
  private final Map<E, AtomicLong> counts;

  CountsBy(Class<E> words) {
    counts = new EnumMap<>(words);
    for (E word : words.getEnumConstants()) {
      counts.put(word, new AtomicLong());
    }
  }

  void increment(E word) {
    counts.get(word).getAndIncrement();
  }

  long of(E word) {
    return counts.get(word).get();
  }
}
