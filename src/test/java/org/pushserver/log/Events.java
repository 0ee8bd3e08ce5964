// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;

/** Log events for tests, in a logging of their own. */
final class Events {
  /** 1 March 2026, 12:00 UTC and 42 ms. */
  static final long AT = 1_772_366_400_042L;

  static final LoggerContext LOGBACK = new LoggerContext();

  private Events() {}

  static ILoggingEvent of(Level level, String message, Throwable cause, Object... arguments) {
    LoggingEvent event =
        new LoggingEvent(
            "", LOGBACK.getLogger("org.pushserver.push"), level, message, cause, arguments);
    event.setInstant(java.time.Instant.ofEpochMilli(AT));
    return event;
  }

  static ILoggingEvent message(String message) {
    return of(Level.INFO, message, null);
  }

  static ILoggingEvent line(String callId) {
    LogLine line =
        new LogLine(
            "outcome",
            to -> {
              to.add(Key.CALL_ID, callId);
              to.add(Key.APP_ID, "com.example.phone");
              to.add(Key.OUTCOME, "DELIVERED");
              to.add(Key.REASON, "");
              to.add(Key.STATUS, 200);
            });
    return of(Level.INFO, LogLine.MESSAGE, null, line);
  }
}
