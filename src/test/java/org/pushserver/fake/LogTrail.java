// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Catches the lines of a logger, that of pushes unless told otherwise, instead of printing them. As
 * an extension it ends with the test. Any thread.
 */
public final class LogTrail implements AutoCloseable, AfterEachCallback {
  private final Logger logger;
  private final List<ILoggingEvent> lines = new ArrayList<>();
  private final List<Expected> expected = new ArrayList<>();
  private final Appender appender = new Appender();

  private record Expected(String part, Promise<String> seen) {}

  private final class Appender extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent line) {
      synchronized (lines) {
        lines.add(line);
        expected.forEach(one -> complete(one, line));
      }
    }
  }

  private static void complete(Expected one, ILoggingEvent line) {
    if (line.getFormattedMessage().contains(one.part())) {
      one.seen().tryComplete(line.getFormattedMessage());
    }
  }

  /** Of pushes. */
  public LogTrail() {
    this("org.pushserver.push");
  }

  /** Of a logger and those below it, from DEBUG on. */
  public LogTrail(String name) {
    this(name, Level.DEBUG);
  }

  /** Of a logger and those below it. */
  public LogTrail(String name, Level level) {
    logger = (Logger) LoggerFactory.getLogger(name);
    appender.start();
    logger.setLevel(level);
    logger.setAdditive(false);
    logger.addAppender(appender);
  }

  private List<String> messages(Predicate<ILoggingEvent> wanted) {
    return events().filter(wanted).map(ILoggingEvent::getFormattedMessage).toList();
  }

  /** All so far. */
  public Stream<ILoggingEvent> events() {
    synchronized (lines) {
      return List.copyOf(lines).stream();
    }
  }

  /** All lines so far. */
  public List<String> lines() {
    return messages(line -> true);
  }

  /** The lines of one level so far. */
  public List<String> lines(Level level) {
    return messages(line -> line.getLevel() == level);
  }

  /** How many lines so far have this in them. */
  public long count(String part) {
    return lines().stream().filter(line -> line.contains(part)).count();
  }

  /** Waits for a line with this in it, and tells it whole; earlier lines count, too. */
  @CanIgnoreReturnValue
  public String untilLogged(String part) {
    Expected one = new Expected(part, Promise.promise());
    synchronized (lines) {
      lines.forEach(line -> complete(one, line));
      expected.add(one);
    }
    return Await.await(one.seen().future());
  }

  /** Drops the lines so far. */
  public void forget() {
    synchronized (lines) {
      lines.clear();
    }
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
    logger.setAdditive(true);
    logger.setLevel(null);
  }

  @Override
  public void afterEach(ExtensionContext test) {
    close();
  }
}
