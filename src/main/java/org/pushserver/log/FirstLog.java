// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;

/**
 * Where lines go until the configuration has been read: to the console. Logback finds it by
 * ServiceLoader when it begins, and reads no XML, which would take 50 ms of a start.
 *
 * <p>It steps back when there is a Logback configuration of the operator's own, and in a process
 * that is not the server's.
 */
public final class FirstLog extends ContextAwareBase implements Configurator {
  /** The name of its appender. */
  public static final String NAME = "console";

  @Override
  public ExecutionStatus configure(LoggerContext logback) {
    if (!OwnProcess.isClaimed()
        || System.getProperty("logback.configurationFile") != null
        || isThere("logback-test.xml")
        || isThere("logback.xml")) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    logback.getLogger("io.netty").setLevel(Level.WARN);
    // What it says as it fails is said by who asked it, in an operator's words.
    logback.getLogger("org.sqlite").setLevel(Level.OFF);
    SinkAppender console = SinkAppender.console(logback, false);
    console.start();
    ch.qos.logback.classic.Logger root = logback.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(console);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static boolean isThere(String file) {
    return FirstLog.class.getClassLoader().getResource(file) != null;
  }
}
