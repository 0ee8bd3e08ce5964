// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushserver.endpoint.HttpEndpoint;
import org.pushserver.fake.Await;
import org.pushserver.push.AppKey;
import org.pushserver.trail.TokenHash;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailEntry;

/**
 * The owner of an application sees his own pushes alone: each path that shows the trail is asked
 * for those of others, in every way that it can be asked.
 */
@Timeout(120)
class OwnersIT {
  /** Stands in everything that the owner must not see. */
  private static final String SECRET = "rival";

  /** How each path is asked; one that shows the trail and is not here makes this test fail. */
  private static final Map<String, List<String>> ASKED =
      Map.of(
          "/v3/calls/{call_id}",
          List.of("/v3/calls/rival-call", "/v3/calls/shared-call", "/v3/calls/refused-call"),
          "/v3/pushes",
          List.of(
              "/v3/pushes",
              "/v3/pushes?call-id=shared-call",
              "/v3/pushes?call-id=rival-call",
              "/v3/pushes?account=rival@example.com",
              "/v3/pushes?device-id=rival-phone",
              "/v3/pushes?token=rival-token",
              "/v3/pushes?app-id=com.rival.phone",
              "/v3/pushes?platform=firebase",
              "/v3/pushes?outcome=refused,not-let-in",
              "/v3/pushes?reason=rival",
              "/v3/pushes?format=jsonl",
              "/v3/pushes?format=csv"),
          "/v3/events",
          List.of("/v3/events", "/v3/events?app-id=com.rival.phone"));

  @RegisterExtension private final SearchDoor door = new SearchDoor(SearchDoor.KEYS);

  private static TrailEntry others(int number, AppKey app, String callId) {
    TrailEntry entry =
        SearchEntries.of(
            number,
            app,
            callId,
            "sip:rival@example.com",
            app == null ? TrailEnd.NOT_LET_IN : TrailEnd.REFUSED,
            403,
            "rival reason");
    return new TrailEntry(
        entry.id(),
        entry.at(),
        entry.endedAt(),
        entry.end(),
        entry.app(),
        entry.event(),
        entry.callId(),
        entry.from(),
        "rival@example.com",
        "rival-phone",
        "rival...",
        TokenHash.of("rival-token"),
        "rival 192.0.2.9",
        entry.code(),
        entry.reason(),
        entry.attempts(),
        entry.steps(),
        "");
  }

  private void fill() {
    door.trail.put(others(1, SearchDoor.OTHERS, "rival-call"));
    door.trail.put(others(2, SearchDoor.OTHERS, "shared-call"));
    door.trail.put(others(3, null, "refused-call"));
    door.trail.put(SearchEntries.of(4, SearchDoor.MINE, "shared-call", "sip:mine@example.com"));
  }

  static Stream<String> asked() {
    return ASKED.values().stream().flatMap(List::stream).filter(path -> !path.contains("/events"));
  }

  @Test
  void everyPathThatShowsTheTrailIsTried() {
    TreeSet<String> there = new TreeSet<>();
    door.api.endpoints().stream().map(HttpEndpoint::path).forEach(there::add);
    assertEquals(new TreeSet<>(ASKED.keySet()), there);
  }

  @ParameterizedTest
  @MethodSource("asked")
  void nobodySeesThePushesOfOthers(String path) {
    fill();
    HttpResponse<String> owner = door.get(SearchDoor.OWNER, path);
    String shown = owner.body().replace("'rival-call'", "");
    assertFalse(shown.contains(SECRET), owner::body);
    assertFalse(owner.headers().map().toString().replace(path, "").contains(SECRET));
    assertEquals(owner.body(), door.ask(SearchDoor.OWNER, path).body(), "at either door");
    // Whoever may see all of it does, so that what is looked for is there.
    assertTrue(
        path.startsWith("/v3/calls") || door.get(SearchDoor.DESK, path).body().contains(SECRET));
  }

  @Test
  void nobodyIsToldOfThePushesOfOthers() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
      socket.setSoTimeout((int) Await.PATIENCE.toMillis());
      socket
          .getOutputStream()
          .write(
              ("GET /v3/events HTTP/1.1\r\nHost: door\r\nAuthorization: Bearer "
                      + SearchDoor.OWNER
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      Await.until(() -> door.trail.followers() == 1, () -> "nobody follows");
      fill();
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      StringBuilder told = new StringBuilder();
      while (!told.toString().contains("mine@example.com")) {
        told.append(in.readLine()).append('\n');
      }
      assertFalse(told.toString().contains(SECRET), told::toString);
    }
  }
}
