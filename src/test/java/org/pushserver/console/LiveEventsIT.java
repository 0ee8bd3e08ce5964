// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.console.ConsoleDoor.OTHER;
import static org.pushserver.console.ConsoleDoor.OWNER;
import static org.pushserver.console.ConsoleDoor.PHONE;
import static org.pushserver.console.TrailSamples.BEGIN;
import static org.pushserver.fake.Await.until;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pushserver.config.ApiKeys;

/** What an open live page is told. */
@Timeout(60)
class LiveEventsIT {
  private ConsoleDoor door;

  @BeforeEach
  void open() {
    door = new ConsoleDoor();
  }

  @AfterEach
  void close() {
    door.close();
  }

  /** The next event that is no comment; null at the end. */
  private static String next(BufferedReader lines) throws IOException {
    StringBuilder event = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.isEmpty() && event.length() > 0) {
        return event.toString();
      }
      if (line.startsWith("event:") || line.startsWith("data:")) {
        event.append(line).append('\n');
      }
    }
    return null;
  }

  private BufferedReader follow(ConsoleBrowser browser, String path) throws Exception {
    HttpResponse<InputStream> answer = browser.stream(path);
    assertEquals(200, answer.statusCode());
    assertTrue(answer.headers().firstValue("content-type").orElseThrow().contains("event-stream"));
    until(() -> door.trail.followers() > 0, () -> "nobody follows");
    return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
  }

  @Test
  void aPushThatEndsIsToldAsARowOfThePageAndOthersPushesAreNot() throws Exception {
    try (BufferedReader lines = follow(ConsoleBrowser.of(door, OWNER), "/console/events")) {
      door.trail.put(TrailSamples.delivered(OTHER, "others", "d", BEGIN));
      door.trail.put(TrailSamples.delivered(PHONE, "<script>", "d", BEGIN));
      String event = next(lines);
      assertTrue(event.startsWith("event: push\ndata: \"<tr data-id="), event);
      assertTrue(event.contains("&lt;script&gt;"), event);
      assertFalse(event.contains("<script>"), event);
    }
    until(() -> door.trail.followers() == 0, () -> "the trail still has a reader");
  }

  @Test
  void theFilterOfThePageHoldsForWhatComes() throws Exception {
    String path = "/console/events?q=c2&outcome=dead-token";
    try (BufferedReader lines = follow(ConsoleBrowser.of(door, OWNER), path)) {
      door.trail.put(TrailSamples.dead(PHONE, "c1", "d", BEGIN));
      door.trail.put(TrailSamples.delivered(PHONE, "c2", "d", BEGIN));
      door.trail.put(TrailSamples.dead(PHONE, "c2", "d", BEGIN));
      String event = next(lines);
      assertTrue(event.contains("dead token"), event);
      assertTrue(event.contains("call-id&#x3D;c2"), event);
    }
  }

  @Test
  void aKeyThatIsTakenAwayIsToldNothingMore() throws Exception {
    try (BufferedReader lines = follow(ConsoleBrowser.of(door, OWNER), "/console/events")) {
      door.apply(ApiKeys.of(List.of(ConsoleDoor.OPERATOR_KEY)));
      door.time.advance(Duration.ofSeconds(20));
      String event = next(lines);
      assertTrue(event.startsWith("event: end"), event);
    }
  }

  @Test
  void aStrangerIsToldNothing() throws Exception {
    ConsoleBrowser stranger = new ConsoleBrowser(door.port());
    assertEquals(401, stranger.get("/console/events").statusCode());
    assertEquals(
        400, ConsoleBrowser.of(door, OWNER).get("/console/events?from=yesterday").statusCode());
    assertEquals(0, door.trail.followers());
  }
}
