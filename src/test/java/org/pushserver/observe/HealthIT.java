// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(strings = {"/health/live", "/health/ready", "/metrics"})
  void bothDoorsAnswerHeadAndOptions(String path) throws Exception {
    try (ObservedServer own = new ObservedServer(directory, "admin_port = 0")) {
      assertAnswersHeadAndOptions(own, own.server.adminPort(), path);
    }
    try (ObservedServer observed = new ObservedServer(Files.createTempDirectory(directory, "x"))) {
      assertAnswersHeadAndOptions(observed, observed.server.port(), path);
    }
  }

  private static void assertAnswersHeadAndOptions(ObservedServer observed, int port, String path)
      throws Exception {
    // From a push on that was taken it is ready, and stays so.
    assertEquals(200, observed.ring("phone-of-bob", "c1").statusCode());
    int expected = observed.get(port, path).statusCode();
    HttpResponse<String> head = observed.ask("HEAD", port, path);
    assertEquals(expected, head.statusCode());
    assertEquals("", head.body());
    HttpResponse<String> options = observed.ask("OPTIONS", port, path);
    assertEquals(204, options.statusCode());
    assertEquals("GET, HEAD, OPTIONS", options.headers().firstValue("allow").orElseThrow());
    assertEquals(405, observed.ask("DELETE", port, path).statusCode());
  }

  @Test
  void itsOwnDoorSpeaksJsonToWhoGoesAstray() throws Exception {
    try (ObservedServer observed = new ObservedServer(directory, "admin_port = 0")) {
      HttpResponse<String> astray = observed.get(observed.server.adminPort(), "/nope");
      assertEquals(404, astray.statusCode());
      assertEquals("application/json", astray.headers().firstValue("content-type").orElseThrow());
      assertEquals(
          "{\"code\":404,\"description\":\"There is nothing under this path\",\"data\":\"\"}",
          astray.body());
    }
  }

  @Test
  void whereKeysAreNeededStrangersLearnOnlyWhetherItIsReady() throws Exception {
    Files.writeString(directory.resolve("keys"), "tests " + "0".repeat(64) + " *\n");
    try (ObservedServer observed =
        new ObservedServer(directory, "api_keys = " + directory.resolve("keys"))) {
      int port = observed.server.port();
      assertEquals(200, observed.get(port, "/health/live").statusCode());
      JsonObject ready = new JsonObject(observed.get(port, "/health/ready").body());
      assertEquals(Set.of("version", "status"), ready.fieldNames());
      assertEquals(401, observed.get(port, "/metrics").statusCode());
    }
  }

  @Test
  void atTheMainDoorTheAddressListHolds() throws Exception {
    try (ObservedServer observed = new ObservedServer(directory, "allowed_hosts = 192.0.2.1")) {
      assertEquals(403, observed.get(observed.server.port(), "/health/ready").statusCode());
    }
  }
}
