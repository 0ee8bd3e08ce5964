// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.Main;
import org.pushserver.RunningServer;
import org.pushserver.config.KeyHash;
import org.pushserver.fake.TestSandbox;
import org.pushserver.sandbox.Sandbox;
import org.pushserver.sandbox.SandboxOptions;
import picocli.CommandLine;

/** What a whole server refuses at its doors, HTTP and the event bus, is found in its trail. */
@Timeout(60)
class DoorRefusalsIT {
  private static final String PBX = KeyHash.newKey();
  private static final String DESK = KeyHash.newKey();

  @TempDir private Path directory;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private Sandbox sandbox;
  private RunningServer server;

  @BeforeEach
  void start() throws Exception {
    sandbox = await(TestSandbox.start(vertx, SandboxOptions.in(directory)));
    Path config = sandbox.configDirectory();
    Files.writeString(
        config.resolve("keys"), line("pbx", PBX, "push") + line("desk", DESK, "search"));
    Files.writeString(config.resolve("bus_keys"), line("gateway", PBX, "push"));
    Files.writeString(
        config.resolve("general.ini"),
        """
        [server]
        port = 0
        trail = yes
        state_dir = %s
        api_keys = keys
        [bus]
        enabled = yes
        api_keys = bus_keys
        """
            .formatted(directory.resolve("state")));
    server = await(RunningServer.start(vertx, config));
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private static String line(String name, String key, String rights) {
    return "%s %s * %s\n".formatted(name, HexFormat.of().formatHex(new KeyHash().of(key)), rights);
  }

  private static JsonObject ring(String appId, String callId) {
    return new JsonObject()
        .put("app-id", appId)
        .put("platform", "firebase")
        .put("token", "phone-of-bob")
        .put("event", "incoming_session")
        .put("call-id", callId)
        .put("media-type", "audio")
        .put("from", "sip:alice@example.com")
        .put("to", "sip:bob@example.com");
  }

  private int post(String key, JsonObject body) throws Exception {
    return await(
            client.sendAsync(
                to("/push", key).POST(HttpRequest.BodyPublishers.ofString(body.encode())).build(),
                HttpResponse.BodyHandlers.ofString()))
        .statusCode();
  }

  private HttpRequest.Builder to(String path, String key) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
        .header("Authorization", "Bearer " + key);
  }

  private int send(String key, JsonObject body) {
    Message<JsonObject> answer =
        await(
            vertx
                .eventBus()
                .request("pushserver.push", body, new DeliveryOptions().addHeader("api-key", key)));
    return answer.body().getInteger("code");
  }

  private JsonArray found(String path) throws Exception {
    HttpResponse<String> answer =
        await(client.sendAsync(to(path, DESK).build(), HttpResponse.BodyHandlers.ofString()));
    assertEquals(200, answer.statusCode(), answer::body);
    return new JsonObject(answer.body()).getJsonArray("pushes");
  }

  /** The newest first: status, call-id, cause and what was asked for. */
  private static List<String> told(JsonArray pushes) {
    return pushes.stream()
        .map(JsonObject.class::cast)
        .map(
            one ->
                "%s %s %s %s"
                    .formatted(
                        one.getInteger("code"),
                        one.getString("call-id"),
                        one.getJsonObject("cause").getString("id"),
                        one.getJsonArray("steps").getJsonObject(0).getString("text")))
        .toList();
  }

  private String why(String callId) {
    StringWriter out = new StringWriter();
    String trail = directory.resolve("state/trail").toString();
    assertEquals(
        0,
        new CommandLine(new Main())
            .setOut(new PrintWriter(out))
            .execute("why", "--utc", "--trail", trail, callId));
    return out.toString();
  }

  @Test
  void whatIsRefusedAtADoorIsFoundWhileTheServerRunsAndAfterIt() throws Exception {
    assertEquals(401, post("ps_guess", ring("com.example.phone", "unread")));
    assertEquals(404, post(PBX, ring("com.example.nobody", "http-404")));
    assertEquals(400, post(PBX, ring("com.example.phone", "http-400").put("event", "party")));
    assertEquals(401, send("ps_guess", ring("com.example.phone", "bus-401")));
    assertEquals(404, send(PBX, ring("com.example.nobody", "bus-404")));
    assertEquals(400, send(PBX, ring("com.example.phone", "bus-400").put("event", "party")));
    assertEquals(
        List.of(
            "400 bus-400 door-malformed SEND pushserver.push",
            "404 bus-404 door-application SEND pushserver.push",
            "401  door-key-unknown SEND pushserver.push",
            "400 http-400 door-malformed POST /push",
            "404 http-404 door-application POST /push",
            // Who shows no good key is not read any further.
            "401  door-key-unknown POST /push"),
        told(found("/v3/pushes?outcome=not-let-in")));
    for (String callId : List.of("http-404", "http-400", "bus-404", "bus-400")) {
      assertEquals(1, found("/v3/calls/" + callId).size(), callId);
    }
    await(server.stop());
    for (String way : List.of("http", "bus")) {
      String unknown = why(way + "-404");
      assertTrue(unknown.contains("No section has this application"), unknown);
      String malformed = why(way + "-400");
      assertTrue(malformed.contains("not 'party'"), malformed);
    }
  }
}
