// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.vertx.core.json.JsonObject;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class FormatTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final String AT = "2026-03-01T13:00:00.042+01:00";

  private static String text(ILoggingEvent event) {
    StringBuilder text = new StringBuilder();
    new TextFormat(BERLIN).append(event, text);
    return text.toString();
  }

  private static JsonObject json(ILoggingEvent event) {
    StringBuilder text = new StringBuilder();
    new JsonFormat(BERLIN).append(event, text);
    assertEquals(text.length() - 1, text.indexOf("\n"), "one line");
    return new JsonObject(text.toString());
  }

  @Test
  void aLineOfTextHasTimeLevelLoggerAndItsFieldsButNotTheEmptyOnes() {
    assertEquals(
        AT
            + " INFO  push outcome call-id=a84b@pbx app=com.example.phone result=DELIVERED status=200\n",
        text(Events.line("a84b@pbx")));
  }

  @Test
  void whatIsNoPlainWordStandsInQuotesSoThatNobodyWritesALineOfTheirOwn() {
    String[][] shown = {
      {"a b", "\"a b\""},
      {"a\"b\\", "\"a\\\"b\\\\\""},
      {"x\n2026 INFO  push outcome", "\"x\\n2026 INFO  push outcome\""},
      {
        "\r\t\u0000\u001b[31m\u0085\u2028\u202e",
        "\"\\r\\t\\u0000\\u001b[31m\\u0085\\u2028\\u202e\""
      },
      {"Zoë", "\"Zoë\""},
      {"half \ud83d", "\"half \\ud83d\""},
      {"\ud83d\ude00", "\"\ud83d\ude00\""},
      {"token-12...", "token-12..."},
    };
    for (String[] pair : shown) {
      String line = text(Events.line(pair[0]));
      assertTrue(line.contains(" call-id=" + pair[1] + " app="), line);
    }
  }

  @Test
  void anOrdinaryMessageIsOneLineTooAndItsCauseFollows() {
    assertEquals(AT + " INFO  push one\\ntwo\n", text(Events.message("one\ntwo")));
    String failed = text(Events.of(Level.WARN, "it failed", new IllegalStateException("why")));
    assertTrue(
        failed.startsWith(AT + " WARN  push it failed\njava.lang.IllegalStateException: why\n"));
    assertTrue(failed.contains("at org.pushserver.log.FormatTest."), failed);
    assertTrue(failed.endsWith("\n"));
  }

  @Test
  void aLineOfJsonIsOneObjectWithTheSameFields() {
    assertEquals(
        new JsonObject()
            .put("time", AT)
            .put("level", "INFO")
            .put("logger", "push")
            .put("line", "outcome")
            .put("call_id", "a\n\ud83d b")
            .put("app_id", "com.example.phone")
            .put("outcome", "DELIVERED")
            .put("status", 200),
        json(Events.line("a\n\ud83d b")));
  }

  @Test
  void whatDoesNotPrintIsEscapedInJsonAsInText() {
    String value =
        "\u0085\u009b\u2028\u2029\u202e\u2066\ufeff\ud83d \udb40\udc01 \"\\ Zo\u00eb \ud83d\ude00";
    String shown =
        "\\u0085\\u009b\\u2028\\u2029\\u202e\\u2066\\ufeff\\ud83d \\udb40\\udc01 \\\"\\\\ Zo\u00eb \ud83d\ude00";
    for (ILoggingEvent event : List.of(Events.line(value), Events.message(value))) {
      StringBuilder text = new StringBuilder();
      new JsonFormat(ZoneOffset.UTC).append(event, text);
      assertTrue(text.toString().contains('"' + shown + '"'), text.toString());
    }
    assertEquals(value, json(Events.line(value)).getString("call_id"));
  }

  @Test
  void anOrdinaryMessageAsJsonHasItsTextAndCause() {
    JsonObject json =
        json(Events.of(Level.ERROR, "it {}", new IllegalStateException("why"), "failed"));
    assertEquals("it failed", json.getString("message"));
    assertEquals("ERROR", json.getString("level"));
    assertTrue(json.getString("stack").startsWith("java.lang.IllegalStateException: why\n"));
  }

  @Test
  void aLoggerIsToldByThePartOfTheServerAndNotByItsClass() {
    assertEquals("push", Format.part("org.pushserver.push"));
    assertEquals("route", Format.part("org.pushserver.route.Route"));
    assertEquals("server", Format.part("org.pushserver.Reloader"));
    assertEquals("network", Format.part("io.vertx.core.net.impl.ConnectionBase"));
    assertEquals("network", Format.part("io.netty.handler.ssl.SslHandler"));
    assertEquals("MyPns", Format.part("com.example.MyPns"));
    assertEquals("plain", Format.part("plain"));
  }

  @Test
  void theTimeGoesOnWithinTheSecondAndBeyond() {
    Stamp stamp = new Stamp(ZoneOffset.UTC);
    StringBuilder text = new StringBuilder();
    for (long at : new long[] {0, 7, 999, 1000, -1}) {
      stamp.append(at, text);
      text.append(' ');
    }
    assertEquals(
        "1970-01-01T00:00:00.000+00:00 1970-01-01T00:00:00.007+00:00 1970-01-01T00:00:00.999+00:00"
            + " 1970-01-01T00:00:01.000+00:00 1969-12-31T23:59:59.999+00:00 ",
        text.toString());
  }

  @Test
  void headersThatAuthorizeAreHiddenWhateverTheyAreCalled() {
    for (String name :
        new String[] {
          "Authorization",
          "proxy-authorization",
          "Cookie",
          "Set-Cookie",
          "X-API-Key",
          "x-token",
          "X-Secret",
          "X-Signature",
          "password"
        }) {
      assertEquals(
          name + ": (hidden); accept: */*",
          Secrets.headers(
              List.of(java.util.Map.entry(name, "s3cret"), java.util.Map.entry("accept", "*/*"))));
    }
  }

  @Test
  void aLongBodyIsCut() {
    assertEquals("x".repeat(Secrets.LONGEST_BODY), Secrets.body("x".repeat(Secrets.LONGEST_BODY)));
    assertEquals(
        "x".repeat(Secrets.LONGEST_BODY) + "…", Secrets.body("x".repeat(Secrets.LONGEST_BODY + 1)));
  }
}
