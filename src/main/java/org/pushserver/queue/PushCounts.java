// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.pushserver.push.Outcome.Result;

/**
 * The counts of what became of all pushes that one application was handed. Immutable.
 *
 * <p>{@code accepted} is always the sum of {@code waiting}, {@code inFlight}, {@code joined} and
 * all of {@code ended} but {@link Result#OVERLOADED}, which were never accepted; less {@code
 * repeating}, which have ended before.
 *
 * @param accepted all that were not turned away at once
 * @param ended how often each end came about
 * @param joined accepted requests for a push that was there already; they share its end
 * @param waiting in the queue, told to wait, or held until their ring is answered
 * @param inFlight with the push service
 * @param repeating how many of those that wait or are in flight are pushed once more
 */
public record PushCounts(
    long accepted, Map<Result, Long> ended, long joined, int waiting, int inFlight, int repeating) {
  public PushCounts {
    ended = Map.copyOf(ended);
  }

  /** Those of an application that pushes nothing once more. */
  public PushCounts(
      long accepted, Map<Result, Long> ended, long joined, int waiting, int inFlight) {
    this(accepted, ended, joined, waiting, inFlight, 0);
  }

  /** How often this end came about. */
  public long ended(Result result) {
    return ended.getOrDefault(result, 0L);
  }

  /** Whether the sum is right: if not, a push was lost or counted twice. */
  public boolean balances() {
    long sum = joined + waiting + inFlight - repeating;
    for (Map.Entry<Result, Long> end : ended.entrySet()) {
      sum += end.getKey() == Result.OVERLOADED ? 0 : end.getValue();
    }
    return accepted == sum;
  }

  /** The running count behind it. Confined to one event loop. */
  static final class Book {
    private final Map<Result, LongAdder> ended = new EnumMap<>(Result.class);
    private long accepted;
    private long joined;
    private int repeating;

    Book() {
      for (Result result : Result.values()) {
        ended.put(result, new LongAdder());
      }
    }

    void accepted() {
      accepted++;
    }

    void joined() {
      joined++;
    }

    /** So many requests were for one that another process accepts anew. */
    void left(int requests) {
      accepted -= requests;
      joined -= requests - 1;
    }

    /**
     * @param difference 1 or -1
     */
    void repeats(int difference) {
      repeating += difference;
    }

    void ended(Result result) {
      ended.get(result).increment();
    }

    PushCounts balance(int waiting, int inFlight) {
      Map<Result, Long> ends = new EnumMap<>(Result.class);
      ended.forEach((result, count) -> ends.put(result, count.sum()));
      return new PushCounts(accepted, ends, joined, waiting, inFlight, repeating);
    }
  }
}
