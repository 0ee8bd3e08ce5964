// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pushserver.config.CassandraSettings;
import org.pushserver.config.LogSettings;
import org.pushserver.config.LogSettings.Journal;
import org.pushserver.log.FirstLog;
import org.pushserver.log.LogFile;
import org.pushserver.log.SinkAppender;
import org.slf4j.LoggerFactory;

/**
 * Where log lines go: until the configuration is read, where {@link FirstLog} says; from then on
 * where it says. No log keeps a push waiting.
 */
final class Logging {
  private static final Path STDOUT = Path.of("/proc/self/fd/1");

  private static final List<SinkAppender> appenders = new ArrayList<>();
  private static LogSettings applied;

  private Logging() {}

  /**
   * Sets the level and logs as configured, from now on; does nothing when it does so already.
   * Blocks: what was logged to before is written to its end, for at most two seconds each.
   */
  static synchronized void apply(LogSettings settings) {
    if (applied != null && settings.equals(applied)) {
      return;
    }
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    if (settings.debug() != (applied != null && applied.debug())) {
      context.getLogger("org.pushserver").setLevel(settings.debug() ? Level.DEBUG : null);
    }
    applied = settings;
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    if (appenders.isEmpty() && root.getAppender(FirstLog.NAME) instanceof SinkAppender first) {
      appenders.add(first);
    } else if (appenders.isEmpty()) {
      // A Logback configuration of the operator's own, who knows where to log to.
      return;
    }
    List<SinkAppender> before = List.copyOf(appenders);
    appenders.clear();
    begin(context, root, settings);
    before.forEach(
        appender -> {
          root.detachAppender(appender);
          appender.stop();
        });
  }

  /** Lets the driver for Cassandra log what it does, or what nobody else says: very little. */
  static void applyToDriver(CassandraSettings settings) {
    if (settings != null) {
      ((LoggerContext) LoggerFactory.getILoggerFactory())
          .getLogger("com.datastax.oss.driver")
          .setLevel(settings.debug() ? Level.DEBUG : Level.ERROR);
    }
  }

  /** Of a cluster our own lines tell; what its libraries warn of is part of their daily work. */
  static void applyToCluster() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    for (String library :
        List.of("org.infinispan", "org.jgroups", "org.jboss", "io.vertx.core.eventbus")) {
      context.getLogger(library).setLevel(Level.ERROR);
    }
    // What Infinispan calls events has loggers of these names alone.
    for (String events : List.of("CLUSTER", "LIFECYCLE")) {
      context.getLogger(events).setLevel(Level.OFF);
    }
  }

  private static void begin(LoggerContext context, Logger root, LogSettings settings) {
    boolean toJournal = isStdoutJournal();
    Optional<SinkAppender> journal = journal(context, settings.journal(), toJournal);
    journal.ifPresent(appender -> begin(root, appender));
    if (journal.isEmpty() || !toJournal) {
      begin(root, SinkAppender.console(context, settings.json()));
    }
    if (settings.toFile()) {
      begin(root, SinkAppender.file(context, settings.json(), file(settings)));
    }
    if (settings.journal() == Journal.YES && journal.isEmpty()) {
      report("log_journal = yes, but on this system there is no way to the journal");
    }
  }

  private static void begin(Logger root, SinkAppender appender) {
    appender.start();
    root.addAppender(appender);
    appenders.add(appender);
  }

  private static Optional<SinkAppender> journal(
      LoggerContext context, Journal wanted, boolean toJournal) {
    return wanted == Journal.YES || (wanted == Journal.AUTO && toJournal)
        ? SinkAppender.journal(context, SinkAppender.JOURNAL)
        : Optional.empty();
  }

  private static LogFile file(LogSettings settings) {
    return new LogFile(settings.file(), settings.maxSize(), settings.maxAge(), settings.keep());
  }

  /** As systemd says in JOURNAL_STREAM, which a child of a service inherits even when it is not. */
  private static boolean isStdoutJournal() {
    String stream = System.getenv("JOURNAL_STREAM");
    try {
      return stream != null
          && stream.equals(
              Files.getAttribute(STDOUT, "unix:dev")
                  + ":"
                  + Files.getAttribute(STDOUT, "unix:ino"));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Tells of a step in the life of the process. */
  static void say(String what) {
    LoggerFactory.getLogger(Logging.class).info("{}", what);
  }

  /** Reports what went wrong outside any push. */
  static void report(String what) {
    LoggerFactory.getLogger(Logging.class).error("{}", what);
  }

  /**
   * The same of a fault of ours, with all that is known of it.
   *
   * @param what what went wrong and what happens now, in an operator's words
   */
  static void fault(String what, Throwable cause) {
    LoggerFactory.getLogger(Logging.class)
        .error("{}; please report this line and those below it", what, cause);
  }

  /** Writes out what still waits. */
  static void close() {
    ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
  }
}
