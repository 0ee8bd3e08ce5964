// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.pushserver.config.Rate;

/**
 * How often each client may ask: a token bucket for each, kept as one number, the time at which its
 * bucket will be full again (the generic cell rate algorithm). Any thread; nothing waits for a
 * lock.
 *
 * <p>Memory is bounded without forgetting anybody who matters: a client whose bucket is full again
 * is as one never seen. When more than {@value #MOST} clients ask at once, the further ones share a
 * bucket.
 */
public final class RateLimit {
  static final int MOST = 1 << 16;

  private final Rate rate;
  private final long interval;
  private final long allowance;
  private final ConcurrentMap<String, AtomicLong> clients = new ConcurrentHashMap<>();
  private final AtomicLong others;

  /**
   * @param rate not unlimited
   * @param now nanoseconds, of the clock that {@link #take} is given
   */
  public RateLimit(Rate rate, long now) {
    this.rate = rate;
    interval = TimeUnit.SECONDS.toNanos(1) / rate.perSecond();
    allowance = interval * (rate.burst() - 1);
    others = new AtomicLong(now);
  }

  /** What is allowed. */
  public Rate rate() {
    return rate;
  }

  /**
   * Takes the price of one request.
   *
   * @return 0 when it was there, else nanoseconds after which it will be; then nothing was taken
   */
  public long take(String client, long now) {
    AtomicLong full = bucket(client, now);
    while (true) {
      long seen = full.get();
      // Differences, because this clock may pass the largest number.
      long from = seen - now > 0 ? seen : now;
      long wait = from - now - allowance;
      if (wait > 0) {
        return wait;
      }
      if (full.compareAndSet(seen, from + interval)) {
        return 0;
      }
    }
  }

  private AtomicLong bucket(String client, long now) {
    AtomicLong bucket = clients.get(client);
    if (bucket != null) {
      return bucket;
    }
    if (clients.size() >= MOST) {
      return others;
    }
    AtomicLong fresh = new AtomicLong(now);
    AtomicLong first = clients.putIfAbsent(client, fresh);
    return first == null ? fresh : first;
  }

  /** Forgets the clients whose buckets are full. To be called every few seconds. */
  public void sweep(long now) {
    clients.values().removeIf(full -> full.get() - now <= 0);
  }

  /** How many clients it remembers. */
  int size() {
    return clients.size();
  }
}
