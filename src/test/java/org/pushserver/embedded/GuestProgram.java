// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.embedded;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.pushserver.PushServerVerticle;
import org.slf4j.LoggerFactory;

/**
 * A program that has the server within it, in a JVM of its own, and says what the server has
 * changed in it: nothing, it is hoped. It has no configuration of Logback.
 */
public final class GuestProgram {
  /** Of these only what handles them can change. */
  private static final List<String> SIGNALS = List.of("HUP", "TERM", "INT");

  private final Map<String, Object> handlers = new TreeMap<>();

  private GuestProgram() {}

  /** Takes the configuration directory; prints what is not as it was, a line each, then the end. */
  public static void main(String[] arguments) throws Exception {
    new GuestProgram().run(Path.of(arguments[0]));
  }

  private void run(Path directory) throws Exception {
    Vertx vertx = Vertx.vertx();
    List<Throwable> uncaught = new ArrayList<>();
    vertx.exceptionHandler(uncaught::add);
    for (String signal : SIGNALS) {
      handlers.put(signal, handler());
      handle(signal);
    }
    Map<String, Object> before = state();
    PushServerVerticle server = new PushServerVerticle(directory);
    String deployment = vertx.deployVerticle(server).await(60, TimeUnit.SECONDS);
    tell("deployed", before);
    if (!server.reload().await(60, TimeUnit.SECONDS)) {
      say("the configuration could not be used");
    }
    vertx.undeploy(deployment).await(60, TimeUnit.SECONDS);
    tell("undeployed", before);
    vertx.runOnContext(
        turn -> {
          throw new IllegalStateException("thrown by the program");
        });
    vertx.executeBlocking(() -> null).await(60, TimeUnit.SECONDS);
    vertx.close().await(60, TimeUnit.SECONDS);
    if (uncaught.size() != 1) {
      say("uncaught: " + uncaught);
    }
    say("end");
  }

  @SuppressWarnings("SystemOut")
  private static void say(String line) {
    System.out.println("GUEST " + line);
  }

  private void tell(String when, Map<String, Object> before) throws Exception {
    Map<String, Object> now = state();
    now.forEach(
        (what, is) -> {
          if (!is.equals(before.get(what))) {
            say(when + ", " + what + ": " + before.get(what) + " → " + is);
          }
        });
  }

  private Map<String, Object> state() throws Exception {
    Map<String, Object> state = new TreeMap<>();
    System.getProperties().forEach((key, value) -> state.put("property " + key, value));
    for (Locale.Category category : Locale.Category.values()) {
      state.put("locale " + category, Locale.getDefault(category));
    }
    state.put("handler of threads", String.valueOf(Thread.getDefaultUncaughtExceptionHandler()));
    for (String signal : SIGNALS) {
      state.put("handler of SIG" + signal, handle(signal) == handlers.get(signal));
    }
    LoggerContext logback = (LoggerContext) LoggerFactory.getILoggerFactory();
    for (Logger logger : logback.getLoggerList()) {
      List<String> appenders = new ArrayList<>();
      logger.iteratorForAppenders().forEachRemaining(one -> appenders.add(one.toString()));
      if (appenders.stream().anyMatch(one -> one.contains("pushserver"))) {
        say("the server has set up logging: " + appenders);
      }
      JsonObject log = new JsonObject().put("appenders", appenders.toString());
      String how = log.put("level", String.valueOf(logger.getLevel())).encode();
      if (!appenders.isEmpty() || logger.getLevel() != null) {
        state.put("logger " + logger.getName(), how);
      }
    }
    return state;
  }

  private static Object handler() throws ClassNotFoundException {
    Class<?> type = Class.forName("sun.misc.SignalHandler");
    return Proxy.newProxyInstance(
        GuestProgram.class.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) -> null);
  }

  /** Sets the program's own handler again, and tells which one was there. */
  @CanIgnoreReturnValue
  private Object handle(String signal) throws ReflectiveOperationException {
    Class<?> signals = Class.forName("sun.misc.Signal");
    Class<?> type = Class.forName("sun.misc.SignalHandler");
    return signals
        .getMethod("handle", signals, type)
        .invoke(
            null, signals.getConstructor(String.class).newInstance(signal), handlers.get(signal));
  }
}
