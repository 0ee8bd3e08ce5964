// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.pushserver.log.LogFile;
import org.pushserver.log.SinkAppender;
import org.slf4j.LoggerFactory;

/**
 * The log at debug level while recorded requests are sent, as files in both formats: whatever comes
 * of them, no token is in it, and nothing that people wrote or are called.
 */
final class GoldenLog {
  /** Shorter ones stand in other words by accident. */
  private static final int SHORTEST = 6;

  private static final Set<String> SECRET =
      Set.of("token", "from-display-name", "content", "filename", "from", "to");

  private static final Set<String> APPLE = Set.of("apple", "ios", "apns");

  private final Path dir;
  private final Logger logger;
  private final List<SinkAppender> appenders = new ArrayList<>();

  private GoldenLog(Path dir, Logger logger) {
    this.dir = dir;
    this.logger = logger;
  }

  /** Begins to log. */
  static GoldenLog in(Path dir) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    GoldenLog log = new GoldenLog(dir, context.getLogger("org.pushserver"));
    for (boolean json : new boolean[] {false, true}) {
      SinkAppender appender = SinkAppender.file(context, json, LogFile.of(log.file(json)));
      appender.start();
      log.logger.addAppender(appender);
      log.appenders.add(appender);
    }
    log.logger.setLevel(Level.DEBUG);
    return log;
  }

  private Path file(boolean json) {
    return dir.resolve(json ? "golden-log.json" : "golden-log.text");
  }

  /** Ends it, and looks into it. */
  void check(List<GoldenCase> sent) {
    logger.setLevel(null);
    for (SinkAppender appender : appenders) {
      logger.detachAppender(appender);
      appender.stop();
    }
    Set<String> secrets = new TreeSet<>();
    sent.forEach(one -> addSecrets(one.json(), secrets));
    secrets.removeIf(one -> one.length() < SHORTEST);
    // Under which devices register, and by which an operator looks for them.
    sent.forEach(one -> secrets.removeIf(one.path()::contains));
    assertTrue(secrets.size() > 3, secrets::toString);
    check(secrets, false);
    check(secrets, true);
  }

  private void check(Set<String> secrets, boolean json) {
    String log;
    try {
      log = Files.readString(file(json));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // What debug adds is there, else this proves nothing.
    for (String name : List.of("request", "answer", "exchange", "wire")) {
      String line = json ? "\"line\":\"" + name + "\"" : " push " + name + " call-id=";
      assertTrue(log.contains(line), name);
    }
    assertTrue(log.contains("session-id"), "the names of fields are there");
    assertEquals(
        List.of(), log.lines().filter(line -> secrets.stream().anyMatch(line::contains)).toList());
  }

  private static void addSecrets(JsonNode json, Set<String> secrets) {
    json.properties()
        .forEach(
            field -> {
              if (SECRET.contains(field.getKey().replace('_', '-'))
                  && field.getValue().isTextual()) {
                secrets.add(field.getValue().textValue());
              }
            });
    if (APPLE.contains(json.path("platform").asText())) {
      // Those of Apple may be two in one.
      secrets.addAll(List.of(json.path("token").asText().split("-", 2)));
    }
  }
}
