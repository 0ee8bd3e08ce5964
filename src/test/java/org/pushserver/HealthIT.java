// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a load balancer asks a running server. */
@Timeout(60)
class HealthIT {
  @TempDir private Path directory;

  @Test
  void itIsAtTheMainDoorByDefault() throws Exception {
    try (ObservedServer observed = new ObservedServer(directory)) {
      int port = observed.server.port();
      assertEquals(port, observed.server.adminPort());
      assertEquals("{\"status\":\"live\"}", observed.get(port, "/health/live").body());
      // What was sent has proved that there is a connection.
      assertEquals(200, observed.ring("phone-of-bob", "c1").statusCode());
      HttpResponse<String> ready = observed.get(port, "/health/ready");
      assertEquals(200, ready.statusCode());
      assertEquals("application/json", ready.headers().firstValue("content-type").orElseThrow());
      JsonObject health = new JsonObject(ready.body());
      assertEquals("ready", health.getString("status"));
      JsonArray applications = health.getJsonArray("applications");
      assertTrue(
          applications.stream()
              .map(JsonObject.class::cast)
              .anyMatch(
                  app ->
                      app.getString("app_id").equals("com.example.phone")
                          && app.getString("platform").equals("firebase")
                          && app.getString("state").equals("connected")),
          applications::encodePrettily);
    }
  }

  @Test
  void itMayHaveADoorOfItsOwnAndThenIsNowhereElse() throws Exception {
    try (ObservedServer observed = new ObservedServer(directory, "admin_port = 0")) {
      int admin = observed.server.adminPort();
      assertEquals(200, observed.get(admin, "/health/live").statusCode());
      assertEquals(404, observed.get(admin, "/push").statusCode());
      assertEquals(404, observed.get(observed.server.port(), "/health/live").statusCode());
    }
  }

  @Test
  void atTheMainDoorTheAddressListHolds() throws Exception {
    try (ObservedServer observed = new ObservedServer(directory, "allowed_hosts = 192.0.2.1")) {
      assertEquals(403, observed.get(observed.server.port(), "/health/ready").statusCode());
    }
  }
}
