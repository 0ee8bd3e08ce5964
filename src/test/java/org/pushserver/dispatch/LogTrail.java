// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Catches the lines of a logger, that of pushes unless told otherwise, instead of printing them.
 */
public final class LogTrail implements AutoCloseable {
  private final Logger logger;
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  /** Of pushes. */
  public LogTrail() {
    this("org.pushserver.push");
  }

  public LogTrail(String name) {
    logger = (Logger) LoggerFactory.getLogger(name);
    lines.start();
    logger.setLevel(Level.DEBUG);
    logger.setAdditive(false);
    logger.addAppender(lines);
  }

  /** All lines so far; call it when nothing is being logged. */
  public List<String> lines() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  /** Drops the lines so far. */
  public void forget() {
    lines.list.clear();
  }

  /** The lines of one level so far; call it when nothing is being logged. */
  public List<String> lines(Level level) {
    return lines.list.stream()
        .filter(line -> line.getLevel() == level)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Override
  public void close() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
    logger.setLevel(null);
  }
}
