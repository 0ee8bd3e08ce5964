// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.ManualTime;

class TokenUpdateBackoffTest {
  private static final int ROUTE = 500;

  private final ManualTime time = new ManualTime();
  private final LogTrail log = new LogTrail(TokenUpdateBackoff.class.getName());
  private int changes;
  private final TokenUpdateBackoff backoff = new TokenUpdateBackoff("phone", time, () -> changes++);
  private long connection = 1;

  @AfterEach
  void stop() {
    log.close();
  }

  private void complainOnANewConnection() {
    connection++;
    backoff.complained(connection, connection);
  }

  private void begin() {
    backoff.complained(1, 1);
    complainOnANewConnection();
  }

  @Test
  void theFirstComplaintIsLeftToANewConnection() {
    for (int i = 0; i < 300; i++) {
      backoff.complained(1, 1);
    }
    assertEquals(ROUTE, backoff.window(ROUTE));
    assertEquals(Optional.empty(), backoff.reason());
    assertEquals(0, changes);
    assertEquals(List.of(), log.lines());
  }

  @Test
  void whenItComesBackNothingIsSentForAMinuteAndThenOneAtATime() {
    begin();
    assertEquals(0, backoff.window(ROUTE));
    assertTrue(backoff.reason().orElseThrow().contains("TooManyProviderTokenUpdates"));
    time.advance(Duration.ofSeconds(48).minusMillis(1));
    assertEquals(0, backoff.window(ROUTE));
    time.advance(Duration.ofSeconds(24).plusMillis(1));
    assertEquals(1, backoff.window(ROUTE));
    assertEquals(0, backoff.window(0));
    backoff.relieved();
    assertEquals(ROUTE, backoff.window(ROUTE));
    assertEquals(3, changes, "began, ended, relieved");
  }

  @Test
  void eachTimeItComesBackThePauseDoublesUpToTwentyMinutesAndTheAlarmIsRaisedOnce() {
    begin();
    for (int minutes : new int[] {1, 2, 4, 8, 16}) {
      time.advance(Duration.ofSeconds(minutes * 48L).minusMillis(1));
      assertEquals(0, backoff.window(ROUTE));
      time.advance(Duration.ofSeconds(minutes * 24L + 1));
      assertEquals(1, backoff.window(ROUTE));
      complainOnANewConnection();
    }
    assertEquals(1, log.lines(Level.ERROR).size());
    assertTrue(log.lines().get(0).startsWith("[phone] "), log.lines().get(0));
    assertTrue(log.lines().get(0).contains("another process"));
  }

  @Test
  void afterALongQuietTimeItBeginsAnew() {
    begin();
    time.advance(Duration.ofSeconds(72));
    backoff.relieved();
    time.advance(Duration.ofHours(1));
    complainOnANewConnection();
    assertEquals(ROUTE, backoff.window(ROUTE));
    complainOnANewConnection();
    time.advance(Duration.ofSeconds(72));
    assertEquals(1, backoff.window(ROUTE));
    assertEquals(2, log.lines(Level.ERROR).size());
  }

  @Test
  void whatIsInFlightWhenItBeginsDoesNotEndIt() {
    begin();
    backoff.relieved();
    assertEquals(0, backoff.window(ROUTE));
  }

  @Test
  void closingLeavesNoTimer() {
    begin();
    backoff.close();
    assertEquals(0, time.pending());
  }
}
