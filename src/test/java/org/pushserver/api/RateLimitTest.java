// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.pushserver.config.ApiKey;
import org.pushserver.config.Rate;

class RateLimitTest {
  private static final long SECOND = 1_000_000_000;

  private static int passed(RateLimit limit, String client, long now, int asked) {
    int passed = 0;
    for (int i = 0; i < asked; i++) {
      passed += limit.take(client, now) == 0 ? 1 : 0;
    }
    return passed;
  }

  @Test
  void aBurstPassesThenAsManyAsTheRateAllows() {
    RateLimit limit = new RateLimit(new Rate(10, 5), 0);
    assertEquals(5, passed(limit, "a", 0, 100));
    assertEquals(SECOND / 10, limit.take("a", 0), "until the next may");
    assertEquals(1, passed(limit, "a", SECOND / 10, 100));
    assertEquals(3, passed(limit, "a", SECOND * 4 / 10, 100));
    assertEquals(5, passed(limit, "a", 100 * SECOND, 100), "a pause saves up a burst at most");
  }

  @Test
  void oneClientNeverUsesUpAnothersShare() {
    RateLimit limit = new RateLimit(new Rate(1, 1), 0);
    assertEquals(1, passed(limit, "a", 0, 1000));
    assertEquals(1, passed(limit, "b", 0, 1000));
  }

  @Test
  void theClockMayPassTheLargestNumber() {
    long start = Long.MAX_VALUE - SECOND / 2;
    RateLimit limit = new RateLimit(new Rate(2, 2), start);
    assertEquals(2, passed(limit, "a", start, 10));
    assertEquals(2, passed(limit, "a", start + SECOND, 10));
  }

  @Test
  void aClientIsForgottenOnceItsBucketIsFull() {
    RateLimit limit = new RateLimit(new Rate(1, 10), 0);
    assertEquals(3, passed(limit, "a", 0, 3));
    limit.sweep(2 * SECOND);
    assertEquals(1, limit.size());
    limit.sweep(3 * SECOND);
    assertEquals(0, limit.size());
    assertEquals(10, passed(limit, "a", 3 * SECOND, 100), "which makes no difference to it");
  }

  @Test
  void anyNumberOfAddressesNeedsABoundedMemory() {
    RateLimit limit = new RateLimit(new Rate(1, 1), 0);
    int passed = 0;
    for (int i = 0; i < RateLimit.MOST + 1000; i++) {
      passed += limit.take("client " + i, 0) == 0 ? 1 : 0;
    }
    assertEquals(RateLimit.MOST, limit.size());
    assertEquals(RateLimit.MOST + 1, passed, "those beyond share one bucket");
    limit.sweep(SECOND);
    assertEquals(0, limit.size());
  }

  @Test
  void severalThreadsGetNoMoreThanOne() {
    RateLimit limit = new RateLimit(new Rate(1, 10_000), 0);
    List<CompletableFuture<Integer>> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(CompletableFuture.supplyAsync(() -> passed(limit, "a", 0, 5000)));
    }
    assertEquals(10_000, threads.stream().mapToInt(CompletableFuture::join).sum());
  }

  @Test
  void aClientIsCountedByItsKeyElseItsAddressElseItsNetwork() {
    ApiKey key = new ApiKey("pbx", "00".repeat(32), true, Set.of(), Set.of());
    assertEquals("pbx", new Caller("192.0.2.1", key).account());
    assertEquals("192.0.2.1", new Caller("192.0.2.1", null).account());
    assertEquals("2001:db8:1:2", new Caller("2001:db8:1:2:3:4:5:6", null).account());
    assertTrue(new Caller("192.0.2.1", key).toString().endsWith(" key=pbx"));
  }
}
