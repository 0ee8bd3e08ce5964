// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;

/** What a log looks like. Has a state of its own: one for each sink, used on its thread alone. */
interface Format {
  /** What the names of our loggers begin with. */
  String OURS = "org.pushserver.";

  /** Appends one event with the end of its line. */
  void append(ILoggingEvent event, StringBuilder text);

  /** The line that is an event's whole message; null when it is an ordinary message. */
  static LogLine line(ILoggingEvent event) {
    Object[] arguments = event.getArgumentArray();
    return arguments != null && arguments.length == 1 && arguments[0] instanceof LogLine line
        ? line
        : null;
  }

  /** What is left of an event whose values fail when they are asked for. */
  static ILoggingEvent withoutValues(ILoggingEvent event) {
    LogLine line = line(event);
    LoggingEvent rest = new LoggingEvent();
    rest.setInstant(event.getInstant());
    rest.setLevel(event.getLevel());
    rest.setLoggerName(event.getLoggerName());
    rest.setMessage(
        (line == null ? event.getMessage() : line.name()) + " (values cannot be shown)");
    return rest;
  }

  /**
   * Which part of the server a logger belongs to, in one word: an operator has no use for the names
   * of classes.
   */
  static String part(String logger) {
    if (logger.startsWith(OURS)) {
      int end = logger.indexOf('.', OURS.length());
      boolean isTop = end < 0 && Character.isUpperCase(logger.charAt(OURS.length()));
      return isTop ? "server" : logger.substring(OURS.length(), end < 0 ? logger.length() : end);
    } else if (logger.startsWith("io.vertx.") || logger.startsWith("io.netty.")) {
      return "network";
    }
    return logger.substring(logger.lastIndexOf('.') + 1);
  }
}
