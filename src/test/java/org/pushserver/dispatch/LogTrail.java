// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Catches the lines of {@link PushLog} instead of printing them. */
final class LogTrail implements AutoCloseable {
  private final Logger logger = (Logger) LoggerFactory.getLogger("org.pushserver.push");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  LogTrail() {
    lines.start();
    logger.setLevel(Level.DEBUG);
    logger.setAdditive(false);
    logger.addAppender(lines);
  }

  /** All lines so far; call it when nothing is being logged. */
  List<String> lines() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  /** Drops the lines so far. */
  void forget() {
    lines.list.clear();
  }

  @Override
  public void close() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
    logger.setLevel(null);
  }
}
