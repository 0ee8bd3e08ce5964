// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.until;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.observe.ObservedServer;

/** Where a whole server has its console. */
@Timeout(90)
class ConsoleServerIT {
  @TempDir private Path directory;

  @Test
  void withATrailTheOperatorsDoorShowsWhatBecameOfACall() throws Exception {
    try (ObservedServer server =
        new ObservedServer(directory, "admin_port = 0", "trail = yes", "state_dir = state")) {
      assertEquals(200, server.ring("phone-of-bob", "c1").statusCode());
      String path = "/console/call?call-id=c1";
      until(
          () -> server.get(server.adminPort(), path).statusCode() == 200,
          () -> "the call is not in the trail");
      String page = server.get(server.adminPort(), path).body();
      assertTrue(page.contains("delivered"), page);
      assertTrue(page.contains("attempt 1"), page);
      String search = server.get(server.adminPort(), "/console?q=bob%40example.com").body();
      assertTrue(search.contains("1 push found, by account"), search);
      assertEquals(200, server.get(server.adminPort(), "/console/applications").statusCode());
      assertEquals(404, server.get(server.port(), "/console").statusCode());
    }
  }

  @Test
  void withoutADoorOfItsOwnItIsWherePushesComeInAndAsksForKeys() throws Exception {
    try (ObservedServer server =
        new ObservedServer(directory, "trail = yes", "state_dir = state")) {
      HttpResponse<String> page = server.get(server.port(), "/console");
      assertEquals(403, page.statusCode());
      assertTrue(page.body().contains("needs API keys"), page.body());
    }
  }

  @Test
  void itIsOffWithoutATrailUnlessItIsAskedFor() throws Exception {
    try (ObservedServer server = new ObservedServer(directory, "admin_port = 0")) {
      assertEquals(404, server.get(server.adminPort(), "/console").statusCode());
    }
    try (ObservedServer server =
        new ObservedServer(directory.resolve("b"), "admin_port = 0", "console = yes")) {
      String page = server.get(server.adminPort(), "/console").body();
      assertTrue(page.contains("The trail is off"), page);
    }
  }
}
