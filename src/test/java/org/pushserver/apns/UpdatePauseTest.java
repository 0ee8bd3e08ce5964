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
import org.pushserver.dispatch.LogTrail;
import org.pushserver.fake.ManualTime;

class UpdatePauseTest {
  private static final int ROUTE = 500;

  private final ManualTime time = new ManualTime();
  private final LogTrail log = new LogTrail(UpdatePause.class.getName());
  private int changes;
  private final UpdatePause pause = new UpdatePause("phone", time, () -> changes++);
  private long connection = 1;

  @AfterEach
  void stop() {
    log.close();
  }

  private void complainOnANewConnection() {
    connection++;
    pause.complained(connection, connection);
  }

  private void begin() {
    pause.complained(1, 1);
    complainOnANewConnection();
  }

  @Test
  void theFirstComplaintIsLeftToANewConnection() {
    for (int i = 0; i < 300; i++) {
      pause.complained(1, 1);
    }
    assertEquals(ROUTE, pause.window(ROUTE));
    assertEquals(Optional.empty(), pause.reason());
    assertEquals(0, changes);
    assertEquals(List.of(), log.lines());
  }

  @Test
  void whenItComesBackNothingIsSentForAMinuteAndThenOneAtATime() {
    begin();
    assertEquals(0, pause.window(ROUTE));
    assertTrue(pause.reason().orElseThrow().contains("TooManyProviderTokenUpdates"));
    time.advance(Duration.ofSeconds(48).minusMillis(1));
    assertEquals(0, pause.window(ROUTE));
    time.advance(Duration.ofSeconds(24).plusMillis(1));
    assertEquals(1, pause.window(ROUTE));
    assertEquals(0, pause.window(0));
    pause.relieved();
    assertEquals(ROUTE, pause.window(ROUTE));
    assertEquals(3, changes, "began, ended, relieved");
  }

  @Test
  void eachTimeItComesBackThePauseDoublesUpToTwentyMinutesAndTheAlarmIsRaisedOnce() {
    begin();
    for (int minutes : new int[] {1, 2, 4, 8, 16}) {
      time.advance(Duration.ofSeconds(minutes * 48L).minusMillis(1));
      assertEquals(0, pause.window(ROUTE));
      time.advance(Duration.ofSeconds(minutes * 24L + 1));
      assertEquals(1, pause.window(ROUTE));
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
    pause.relieved();
    time.advance(Duration.ofHours(1));
    complainOnANewConnection();
    assertEquals(ROUTE, pause.window(ROUTE));
    complainOnANewConnection();
    time.advance(Duration.ofSeconds(72));
    assertEquals(1, pause.window(ROUTE));
    assertEquals(2, log.lines(Level.ERROR).size());
  }

  @Test
  void whatIsInFlightWhenItBeginsDoesNotEndIt() {
    begin();
    pause.relieved();
    assertEquals(0, pause.window(ROUTE));
  }

  @Test
  void closingLeavesNoTimer() {
    begin();
    pause.close();
    assertEquals(0, time.pending());
  }
}
