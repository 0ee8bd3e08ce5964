// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.config.KeyHash;
import org.pushserver.observe.ObservedServer;
import org.pushserver.tokens.NoTokenStore;

/**
 * A key that is limited to the accounts of a domain opens nothing else: each path of a whole server
 * is asked for with it.
 */
@Timeout(120)
class DomainKeyIT {
  private static final String KEY = KeyHash.newKey();
  private static final String OTHER = "bob@other.example";

  /** What everybody may ask for, key or not. */
  private static final Set<String> OPEN =
      Set.of("/", "/openapi.json", "/docs", "/health/live", "/health/ready");

  private static final String BODY =
      new JsonObject()
          .put("app-id", "com.example.phone")
          .put("platform", "firebase")
          .put("token", "phone-of-bob")
          .put("device-id", "d1")
          .put("account", "alice@example.com")
          .put("event", "incoming_session")
          .put("call-id", "c1")
          .put("media-type", "audio")
          .put("from", "sip:alice@example.com")
          .put("to", "sip:alice@example.com")
          .encode();

  @TempDir private Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private ObservedServer server;

  @BeforeEach
  void start() throws Exception {
    Path keys = directory.resolve("keys");
    String hash = HexFormat.of().formatHex(new KeyHash().of(KEY));
    Files.writeString(keys, "tenant " + hash + " * push,tokens @example.com\n");
    server =
        new ObservedServer(
            Files.createDirectory(directory.resolve("server")),
            "api_keys = " + keys,
            "acks = yes",
            "allow_get = yes",
            "trail = yes",
            "console = yes",
            "state_dir = " + directory.resolve("state"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> ask(String method, String path, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .header("authorization", "Bearer " + KEY)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String filled(String path) {
    return path.replace("{account}", OTHER)
        .replaceAll("\\{[a-z_]+}", "phone-of-bob")
        .replace("{", "")
        .replace("}", "");
  }

  /** There is no store of tokens, for nobody. */
  private static boolean isOff(HttpResponse<String> answer) {
    return answer.statusCode() == 404 && answer.body().contains(NoTokenStore.OFF);
  }

  @Test
  void noPathIsOpenForAnotherDomain() throws Exception {
    JsonObject paths =
        new JsonObject(ask("GET", "/openapi.json", "").body()).getJsonObject("paths");
    List<String> asked = new ArrayList<>();
    List<String> open = new ArrayList<>();
    for (String path : paths.fieldNames()) {
      for (String method : paths.getJsonObject(path).fieldNames()) {
        if (!OPEN.contains(path) && Set.of("get", "post", "put", "delete").contains(method)) {
          HttpResponse<String> answer =
              ask(method.toUpperCase(Locale.ROOT), filled(path), method.equals("get") ? "" : BODY);
          asked.add(method + " " + path);
          if (answer.statusCode() != 403 && !isOff(answer)) {
            open.add(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
          }
        }
      }
    }
    assertEquals(List.of(), open);
    assertEquals(403, ask("GET", "/push?token=phone-of-bob", "").statusCode());
    for (String path :
        List.of(
            "post /push",
            "post /v2/tokens/{account}",
            "delete /v2/tokens/{account}",
            "get /v2/tokens/{account}",
            "post /v2/tokens/{account}/push",
            "post /v2/tokens/{account}/push/{device}",
            "post /v3/acks",
            "get /v3/pushes",
            "get /dead",
            "get /metrics")) {
      assertTrue(asked.contains(path), () -> path + " in " + asked);
    }
  }

  @Test
  void itIsToldOfNoApplicationAndMayNotLogIn() throws Exception {
    JsonObject ready = new JsonObject(ask("GET", "/health/ready", "").body());
    assertEquals(Set.of("version", "status"), ready.fieldNames());
    HttpResponse<String> login =
        client.send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + server.port() + "/console/login"))
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("key=" + KEY))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(403, login.statusCode());
    assertTrue(login.headers().firstValue("set-cookie").isEmpty());
  }
}
