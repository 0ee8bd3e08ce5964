// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * The notifications that arrived, whatever was answered: the last 10 000, and how many there were.
 * Any thread.
 */
public final class Journal {
  static final int KEPT = 10_000;
  private static final int MAX_WAITING = 1000;

  private final boolean counting;
  private final ArrayDeque<Notification> kept = new ArrayDeque<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private final Map<Service, Long> accepted = new EnumMap<>(Service.class);
  private final Map<Service, Long> refused = new EnumMap<>(Service.class);
  private long seq;

  private record Waiting(long after, Promise<Notification> promise) {}

  /**
   * @param counting whether to count only
   */
  Journal(boolean counting) {
    this.counting = counting;
  }

  /**
   * Counts one notification and, unless this journal only counts, keeps it.
   *
   * @param make makes it, given its number; not called when nothing is kept
   * @return it; empty when this journal only counts
   */
  Optional<Notification> add(Service service, boolean taken, LongFunction<Notification> make) {
    Notification added;
    List<Waiting> served;
    synchronized (this) {
      seq++;
      (taken ? accepted : refused).merge(service, 1L, Long::sum);
      if (counting) {
        return Optional.empty();
      }
      added = make.apply(seq);
      kept.addLast(added);
      if (kept.size() > KEPT) {
        kept.removeFirst();
      }
      served = takeServed();
    }
    // Outside the lock: what a waiting client does next is not ours.
    served.forEach(each -> each.promise().tryComplete(added));
    return Optional.of(added);
  }

  private List<Waiting> takeServed() {
    List<Waiting> served = new ArrayList<>();
    for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
      Waiting candidate = each.next();
      if (candidate.after() < seq) {
        served.add(candidate);
        each.remove();
      }
    }
    return served;
  }

  /** Those kept, oldest first. */
  public List<Notification> list() {
    return list(0);
  }

  /** Those kept with a number above {@code after}, oldest first. */
  public synchronized List<Notification> list(long after) {
    return kept.stream().filter(each -> each.seq() > after).toList();
  }

  /** The number of the last one; 0 before the first. */
  public synchronized long last() {
    return seq;
  }

  /** How many a service accepted since the last {@link #clear}. */
  public synchronized long accepted(Service service) {
    return accepted.getOrDefault(service, 0L);
  }

  /** How many a service did not accept since the last {@link #clear}. */
  public synchronized long refused(Service service) {
    return refused.getOrDefault(service, 0L);
  }

  /** Forgets all and counts anew; numbers go on. */
  public synchronized void clear() {
    kept.clear();
    accepted.clear();
    refused.clear();
  }

  /**
   * The first one kept with a number above {@code after}, as soon as there is one. The future
   * completes on the thread that adds it, or never; a time-out on it is the caller's. Fails when
   * this journal only counts or too many wait.
   */
  public Future<Notification> next(long after) {
    Promise<Notification> promise = Promise.promise();
    synchronized (this) {
      Optional<Notification> there = kept.stream().filter(each -> each.seq() > after).findFirst();
      if (there.isPresent()) {
        return Future.succeededFuture(there.get());
      }
      if (counting || waiting.size() >= MAX_WAITING) {
        return Future.failedFuture(counting ? "this journal only counts" : "too many wait");
      }
      waiting.add(new Waiting(after, promise));
    }
    return promise.future();
  }

  /** Stops waiting: the future of {@link #next} never completes then. */
  synchronized void forget(Future<Notification> next) {
    waiting.removeIf(each -> each.promise().future() == next);
  }
}
