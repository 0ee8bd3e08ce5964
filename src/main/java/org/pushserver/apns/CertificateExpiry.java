// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import java.time.Duration;
import java.time.Instant;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one application's client certificate run out: from 30 days before on it says so in the
 * log once a day, but for the first day, on which loading the configuration has said it. Event loop
 * only.
 */
final class CertificateExpiry {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateExpiry.class);

  /** From when on an operator is to be reminded. */
  static final Duration SOON = Duration.ofDays(30);

  private static final long DAY_MS = Duration.ofDays(1).toMillis();
  private static final long NONE = -1;

  private final String section;
  private final Instant end;
  private final Time time;
  private final Runnable expired;
  private long timer = NONE;

  /**
   * @param end from when on the certificate is not valid
   * @param expired called once, at that moment
   */
  CertificateExpiry(String section, Instant end, Time time, Runnable expired) {
    this.section = section;
    this.end = end;
    this.time = time;
    this.expired = expired;
  }

  /** Begins to watch. */
  void open() {
    watch();
  }

  private void watch() {
    long left = end.toEpochMilli() - time.now();
    if (left > 0) {
      timer = time.timer(Math.min(left, DAY_MS), this::dayPassed);
    } else {
      timer = NONE;
      expired.run();
    }
  }

  private void dayPassed() {
    Duration left = Duration.ofMillis(end.toEpochMilli() - time.now());
    if (left.compareTo(Duration.ZERO) > 0 && left.compareTo(SOON) < 0) {
      LOG.warn(
          "[{}] the certificate of apple_certificate expires in {} days, on {}; renew it at Apple",
          section,
          left.toDays(),
          end);
    }
    watch();
  }

  void close() {
    if (timer != NONE) {
      time.cancel(timer);
      timer = NONE;
    }
  }
}
