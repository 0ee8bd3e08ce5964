// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.observe.ObservedServer;

/** Who does not wait for the end of a push asks for the dead tokens. */
@Timeout(60)
class DeadTokenPageIT {
  @TempDir private Path directory;

  @Test
  void whatWasFoundDeadIsToldOnceAndByNumber() throws Exception {
    try (ObservedServer server = new ObservedServer(directory)) {
      assertEquals(200, server.ring("phone-of-bob", "c1").statusCode());
      assertEquals(410, server.ring("dead-phone", "c2").statusCode());
      HttpResponse<String> first = server.get(server.port(), "/dead");
      ApiContract.assertMayAnswer("dead", 200, "application/json", first.body());
      JsonObject told = new JsonObject(first.body());
      assertEquals(1, told.getJsonArray("dead").size());
      JsonObject dead = told.getJsonArray("dead").getJsonObject(0);
      assertEquals("dead-phone", dead.getString("token"));
      assertEquals("c2", dead.getString("call-id"));
      assertEquals("sip:bob@example.com", dead.getString("to"));
      HttpResponse<String> second =
          server.get(server.port(), "/dead?after=" + told.getLong("next"));
      assertEquals(0, new JsonObject(second.body()).getJsonArray("dead").size());
      assertEquals(400, server.get(server.port(), "/dead?after=x").statusCode());
      assertEquals(405, server.ask("POST", server.port(), "/dead").statusCode());
    }
  }
}
