// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.observe.ObservedServer;
import org.pushserver.trail.TrailStep.What;

/** What a whole server leaves in its trail. */
class TrailIT {
  private static final String TOKEN = "a-token-of-a-phone-1234567890";

  @TempDir Path sandbox;
  @TempDir Path state;

  private ObservedServer server(String... lines) throws Exception {
    List<String> settings = new ArrayList<>(List.of("state_dir = " + state));
    settings.addAll(List.of(lines));
    return new ObservedServer(sandbox, settings.toArray(String[]::new));
  }

  private List<TrailEntry> written() throws Exception {
    List<TrailEntry> entries = new ArrayList<>();
    for (StoredFile file : new TrailFiles(state.resolve("trail")).list()) {
      assertTrue(file.closed(), file::name);
      try (TrailReader reader = TrailReader.open(file.path(), true)) {
        int[] all = reader.blocksOf(0, Long.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);
        for (int no : all) {
          entries.addAll(reader.block(no).entries());
        }
      }
    }
    return entries;
  }

  @Test
  void aRequestLeavesARecordOfItsWholeWay() throws Exception {
    try (ObservedServer server = server("trail = yes")) {
      assertEquals(200, server.ring(TOKEN, "call-1").statusCode());
    }
    TrailEntry entry = written().get(0);
    assertEquals("call-1", entry.callId());
    assertEquals("bob@example.com", entry.account());
    assertEquals("sip:alice@example.com", entry.from());
    assertEquals("com.example.phone/firebase", entry.app().toString());
    assertEquals("incoming_session", entry.event());
    assertEquals(TrailEnd.DELIVERED, entry.end());
    assertEquals("127.0.0.1", entry.sender());
    assertEquals(TokenHash.of(TOKEN), entry.tokenHash());
    assertEquals("a-token-...", entry.token());
    assertEquals(200, entry.code());
    assertEquals(1, entry.attempts());
    TrailStep attempt =
        entry.steps().stream().filter(step -> step.what() == What.ATTEMPT).findFirst().get();
    assertEquals(200, attempt.status());
    assertTrue(attempt.connection() >= 1, attempt::toString);
    assertTrue(entry.steps().stream().anyMatch(step -> step.what() == What.TOLD));
  }

  @Test
  void withoutTheSettingNothingIsWrittenOrMade() throws Exception {
    try (ObservedServer server = server("trail = no")) {
      assertEquals(200, server.ring(TOKEN, "call-1").statusCode());
    }
    assertFalse(Files.exists(state.resolve("trail")));
  }
}
