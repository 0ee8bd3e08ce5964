// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import org.pushserver.config.ServerSettings;
import org.slf4j.LoggerFactory;

/**
 * Where log lines go: the console as logback.xml has it, and the configured file. Both asynchronous
 * and bounded; when one cannot keep up, lines are dropped, never pushes.
 */
final class Logging {
  private static final int BACKLOG = 8_192;

  private Logging() {}

  /** Adds the file and sets the level. Blocks: opens the file. */
  static void apply(ServerSettings settings) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    if (settings.debug()) {
      context.getLogger("org.pushserver").setLevel(Level.DEBUG);
    }
    if (settings.logToFile()) {
      context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(file(context, settings));
    }
  }

  private static AsyncAppender file(LoggerContext context, ServerSettings settings) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(context.getProperty("LINE"));
    encoder.start();
    FileAppender<ILoggingEvent> file = new FileAppender<>();
    file.setContext(context);
    file.setName("file");
    file.setFile(settings.logFile().toString());
    file.setEncoder(encoder);
    file.start();
    if (!file.isStarted()) {
      report("cannot write log_file " + settings.logFile() + "; logging to the console only", null);
    }
    AsyncAppender async = new AsyncAppender();
    async.setContext(context);
    async.setName("file-async");
    async.setQueueSize(BACKLOG);
    async.setDiscardingThreshold(0);
    async.setNeverBlock(true);
    async.addAppender(file);
    async.start();
    return async;
  }

  /** Reports what went wrong outside any push. */
  static void report(String what, Throwable cause) {
    LoggerFactory.getLogger(Logging.class).error("{}", what, cause);
  }

  /** Writes out what still waits. */
  static void close() {
    ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
  }
}
