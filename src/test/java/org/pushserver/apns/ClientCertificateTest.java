// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.ManualTime;

class ClientCertificateTest {
  private final ManualTime time = new ManualTime();
  private final LogTrail log = new LogTrail(ClientCertificate.class.getName());
  private int expired;

  @AfterEach
  void stop() {
    log.close();
  }

  @CanIgnoreReturnValue
  private ClientCertificate open(Duration life) {
    Instant end = Instant.ofEpochMilli(ManualTime.START).plus(life);
    ClientCertificate certificate = new ClientCertificate("phone", end);
    assertTrue(
        certificate
            .open(
                null,
                time,
                () -> {
                  assertEquals(403, certificate.refusal().orElseThrow().code());
                  expired++;
                })
            .succeeded());
    assertEquals(Optional.of(end), certificate.credentialEnd());
    return certificate;
  }

  @Test
  void thirtyDaysBeforeItBeginsToSaySoOnceADay() {
    open(Duration.ofDays(40));
    time.advance(Duration.ofDays(10));
    assertEquals(List.of(), log.lines());
    time.advance(Duration.ofDays(1));
    assertEquals(1, log.lines(Level.WARN).size());
    assertTrue(log.lines().get(0).startsWith("[phone] "), log.lines().get(0));
    assertTrue(log.lines().get(0).contains("in 29 days, on 2026-04-10T12:00:00Z"));
    time.advance(Duration.ofDays(28));
    assertEquals(29, log.lines().size());
    assertEquals(0, expired);
  }

  @Test
  void theEndIsToldAtItsMomentAndOnce() {
    open(Duration.ofHours(36));
    time.advance(Duration.ofHours(36).minusMillis(1));
    assertEquals(0, expired);
    time.advance(Duration.ofMillis(1));
    assertEquals(1, expired);
    time.advance(Duration.ofDays(3));
    assertEquals(1, expired);
    assertEquals(0, time.pending());
  }

  @Test
  void whatHasEndedBeforeIsToldAtOnce() {
    open(Duration.ofSeconds(-1));
    assertEquals(1, expired);
  }

  @Test
  void closingLeavesNoTimer() {
    ClientCertificate certificate = open(Duration.ofDays(400));
    assertEquals(Optional.empty(), certificate.refusal());
    assertEquals(1, time.pending());
    certificate.close();
    assertEquals(0, time.pending());
  }
}
