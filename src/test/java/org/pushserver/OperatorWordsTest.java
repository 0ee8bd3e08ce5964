// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import ch.qos.logback.classic.Level;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.LogTrail;

/** What the source lets an operator read, line by line. */
class OperatorWordsTest {
  /** A line of the log that is on by default, to the end of its statement. */
  private static final Pattern LINE =
      Pattern.compile("\\bLOG\\s*\\.(info|warn|error)\\((.*?)\\);", Pattern.DOTALL);

  private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  /** An exception as the last argument: its stack trace follows the line. */
  private static final Pattern TRACE = Pattern.compile(",\\s*(?:e|cause|failure|thrown)\\s*$");

  private static final Pattern PROGRAMMERS =
      Pattern.compile(
          "\\b(?:null|[Ee]xceptions?|stack trace|GOAWAY|RST_STREAM|SETTINGS|[Ff]rames?|[Ss]treams?"
              + "|[Vv]erticles?|event loops?)\\b");

  private static final List<String> lines = new ArrayList<>();

  @BeforeAll
  static void read() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
        LINE.matcher(Files.readString(file)).results().map(one -> one.group(2)).forEach(lines::add);
      }
    }
    assertTrue(lines.size() > 30, lines::toString);
  }

  private static String text(String statement) {
    StringBuilder text = new StringBuilder();
    Matcher part = TEXT.matcher(statement);
    while (part.find()) {
      text.append(part.group(1));
    }
    return text.toString();
  }

  @Test
  void aStackTraceComesOnlyWithASentenceThatSaysWhoseFaultItIsAndWhatToDo() {
    assertEquals(
        List.of(),
        lines.stream()
            .filter(one -> TRACE.matcher(one).find())
            .map(OperatorWordsTest::text)
            .filter(
                one ->
                    !one.contains("a fault of Pushserver")
                        || !one.endsWith("please report this line and those below it"))
            .toList());
  }

  @Test
  void noLineHasTheWordsOfProgrammers() {
    assertEquals(
        List.of(),
        lines.stream()
            .map(OperatorWordsTest::text)
            .filter(one -> PROGRAMMERS.matcher(one).find())
            .toList());
  }

  @Test
  void whatNobodyExpectedIsToldAsAFaultOfTheServer() throws Exception {
    Vertx vertx = OwnVertx.create();
    try (LogTrail log = new LogTrail(Logging.class.getName())) {
      Promise<Void> next = Promise.promise();
      vertx.runOnContext(
          turn -> {
            vertx.getOrCreateContext().runOnContext(later -> next.complete());
            throw new IllegalStateException("nobody expects this");
          });
      await(next.future());
      List<String> told = log.lines(Level.ERROR);
      assertEquals(1, told.size(), told::toString);
      assertTrue(told.get(0).contains("a fault of Pushserver; it goes on"), told.get(0));
    } finally {
      await(vertx.close());
    }
  }
}
