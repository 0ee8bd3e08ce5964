// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the process does when it is told something by a signal: SIGTERM and SIGINT end it in order,
 * the second of them at once; SIGHUP asks for the configuration to be read anew.
 *
 * <p>A shutdown hook would see the first signal only. The JDK's handlers ({@code sun.misc.Signal},
 * module jdk.unsupported) are reached by reflection, because javac warns of that class, and which
 * option silences the warning differs from one JDK to the next.
 */
final class Signals {
  /** The exit code, as shells have it, of a process that a signal has ended: 128 + its number. */
  private static final int INTERRUPTED = 128 + 2;

  private static final int TERMINATED = 128 + 15;
  private static final int HANDED_OVER = 128 + 10;

  /**
   * By which a server that has begun to listen asks the one before it to end. Not SIGUSR2: by that
   * the JVM holds its own threads, for Flight Recorder among others. This one it never takes.
   */
  static final String HAND_OVER = "USR1";

  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  private final AtomicBoolean told = new AtomicBoolean();

  private Signals() {}

  /**
   * Handles SIGHUP from now on, on a thread of its own. To be called early: until then it ends the
   * process, and a service manager may ask for a reload while the server starts.
   *
   * @param reload starts to read the configuration anew
   */
  static void handleHangup(Runnable reload) {
    on(
        "HUP",
        () -> {
          LOG.info("SIGHUP: reading the configuration anew");
          reload.run();
        });
  }

  /**
   * Handles SIGTERM, SIGINT and SIGUSR1 from now on, each on a thread of its own. A signal that
   * cannot be handled here (the JVM runs with {@code -Xrs}, or the system does not know it) keeps
   * its usual effect.
   *
   * @param ending ends what runs, and says whether that went well: then the exit code is 0, else
   *     128 + the signal's number. May block
   * @param handingOver the same, when another server has begun to listen in this one's place. Of
   *     both, at most one is called, and once
   */
  static void handleEnd(BooleanSupplier ending, BooleanSupplier handingOver) {
    Signals signals = new Signals();
    on(
        "TERM",
        () -> signals.end("SIGTERM: ending what was accepted, taking no more", ending, TERMINATED));
    on(
        "INT",
        () -> signals.end("SIGINT: ending what was accepted, taking no more", ending, INTERRUPTED));
    on(
        HAND_OVER,
        () ->
            signals.end(
                "SIGUSR1: another server takes over; ending what was accepted",
                handingOver,
                HANDED_OVER));
  }

  private static void on(String signal, Runnable action) {
    try {
      Class<?> signals = Class.forName("sun.misc.Signal");
      Class<?> handlers = Class.forName("sun.misc.SignalHandler");
      Object handler =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handlers},
              (proxy, method, arguments) -> {
                action.run();
                return null;
              });
      signals
          .getMethod("handle", signals, handlers)
          .invoke(null, signals.getConstructor(String.class).newInstance(signal), handler);
    } catch (ReflectiveOperationException e) {
      LOG.warn("SIG{} keeps its usual effect: this Java does not let it be handled", signal);
      LOG.debug("the cause", e);
    }
  }

  private void end(String words, BooleanSupplier ending, int code) {
    if (told.compareAndSet(false, true)) {
      LOG.info("{}; a second one ends at once", words);
      System.exit(ending.getAsBoolean() ? 0 : code);
    } else {
      LOG.warn("{}: ending at once", words.substring(0, words.indexOf(':')));
      System.exit(code);
    }
  }
}
