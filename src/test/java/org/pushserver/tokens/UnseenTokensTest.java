// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import ch.qos.logback.classic.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.MemoryTokenStore;
import org.pushserver.push.AppKey;

class UnseenTokensTest {
  private static final AppKey APP = new AppKey("com.example.phone", AppKey.FIREBASE);
  private static final long DAY = TimeUnit.DAYS.toMillis(1);
  private static final long NOW = ManualTime.START;
  private static final int DAYS = 90;

  private final ManualTime time = new ManualTime();
  private final MemoryTokenStore store = new MemoryTokenStore();
  private final UnseenTokens unseen = new UnseenTokens(store, time, DAYS);
  private final LogTrail log = new LogTrail("org.pushserver.tokens");

  @BeforeEach
  void start() {
    unseen.start();
  }

  @AfterEach
  void close() {
    unseen.close();
    log.close();
  }

  private void add(String name, long storedAt, long lastSeen) {
    await(
        store.add(
            new StoredToken(
                name + "@example.com", APP, "phone", name, null, true, null, storedAt, lastSeen)));
  }

  private List<String> left() {
    return store.stored().stream().map(StoredToken::token).toList();
  }

  /** Far enough for a look, and not for another. */
  private void look() {
    time.advance(Duration.ofMinutes(30));
  }

  @Test
  void aDeviceThatWasNotSeenForSoLongGoes() {
    add("old", NOW - 200 * DAY, NOW - 91 * DAY);
    add("seen", NOW - 200 * DAY, NOW - 89 * DAY);
    add("renewed", NOW - DAY, NOW - 91 * DAY);
    look();
    assertEquals(List.of("seen", "renewed"), left());
    assertEquals(1, unseen.removed());
    assertEquals(
        List.of("token_max_age: 1 devices that were not seen for 90 days were removed; 2 stay"),
        log.lines(Level.INFO));
  }

  /** As after an import, and in a store that does not keep it. */
  @Test
  void aDeviceOfWhichItIsNotKnownWhenItWasSeenStays() {
    add("imported", NOW - 900 * DAY, 0);
    add("old", NOW - 900 * DAY, NOW - 900 * DAY);
    add("seen", NOW, NOW);
    look();
    assertEquals(List.of("imported", "seen"), left());
  }

  @Test
  void itLooksThroughAllPagesAndOnceADay() {
    add("seen", NOW, NOW + 10 * DAY);
    for (int i = 0; i < 3 * UnseenTokens.PAGE; i++) {
      add("old-" + i, NOW - 100 * DAY, NOW - 100 * DAY);
    }
    look();
    assertEquals(List.of("seen"), left());
    add("next", NOW - 100 * DAY, NOW - 100 * DAY);
    look();
    assertEquals(List.of("seen", "next"), left());
    time.advance(Duration.ofDays(1));
    assertEquals(List.of("seen"), left());
    assertEquals(3 * UnseenTokens.PAGE + 1, unseen.removed());
  }

  /** A clock that is far ahead must not empty the store. */
  @Test
  void whenNoneWasSeenNothingGoesAndTheOperatorIsAsked() {
    add("one", NOW - 91 * DAY, NOW - 91 * DAY);
    add("two", NOW - 91 * DAY, NOW - 91 * DAY);
    look();
    assertEquals(List.of("one", "two"), left());
    assertTrue(log.lines(Level.WARN).get(0).contains("clock"), log.lines(Level.WARN)::toString);
  }

  @Test
  void aStoreThatIsAwayIsAskedAgainTheNextDay() {
    add("old", NOW - 91 * DAY, NOW - 91 * DAY);
    add("seen", NOW, NOW + 10 * DAY);
    store.fail("its disk is full");
    look();
    assertTrue(log.lines(Level.WARN).get(0).endsWith("its disk is full"));
    store.fail("");
    time.advance(Duration.ofDays(1));
    look();
    assertEquals(List.of("seen"), left());
  }

  @Test
  void afterTheEndNothingGoes() {
    add("old", NOW - 91 * DAY, NOW - 91 * DAY);
    add("seen", NOW, NOW);
    unseen.close();
    time.advance(Duration.ofDays(3));
    assertEquals(List.of("old", "seen"), left());
  }
}
