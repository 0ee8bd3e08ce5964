// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.until;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.RunningServer;
import org.pushserver.fake.TestSandbox;
import org.pushserver.sandbox.Fault;
import org.pushserver.sandbox.Sandbox;
import org.pushserver.sandbox.SandboxOptions;
import org.pushserver.sandbox.Service;

/** A whole server with its file of stored tokens, from the registration to the phone's end. */
@Timeout(120)
class StoredTokensServerIT {
  private static final String ALICE = "/v2/tokens/alice@example.com";
  private static final String BOB = "/v2/tokens/bob@example.com";
  private static final Pattern ACCEPTED =
      Pattern.compile("^pushserver_pushes_accepted_total\\{[^}]*} [1-9]", Pattern.MULTILINE);

  private static final String CALLS = "ab".repeat(32);
  private static final String OTHERS = "cd".repeat(32);

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Vertx> machines = new ArrayList<>(List.of(vertx));
  private Sandbox sandbox;
  private Path state;
  private RunningServer server;
  private int calls;

  @BeforeEach
  void start() throws Exception {
    sandbox = await(TestSandbox.start(vertx, SandboxOptions.in(directory)));
    state = directory.resolve("kept");
    Files.writeString(
        sandbox.configDirectory().resolve("general.ini"),
        "[server]\nport = 0\nstate_dir = " + state + "\n");
    server = another();
  }

  /** With a machine of its own, as in a process of its own. */
  private RunningServer another() {
    Vertx machine = Vertx.vertx();
    machines.add(machine);
    return await(RunningServer.start(machine, sandbox.configDirectory()));
  }

  @AfterEach
  void close() {
    Future<?> stopped = server == null ? Future.succeededFuture() : server.stop();
    await(
        stopped
            .eventually(sandbox::close)
            .eventually(() -> Future.join(machines.stream().map(Vertx::close).toList())));
  }

  private CompletableFuture<HttpResponse<String>> sent(String path, JsonObject body) {
    return client.sendAsync(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .POST(BodyPublishers.ofString(body.encode()))
            .build(),
        BodyHandlers.ofString());
  }

  @CanIgnoreReturnValue
  private JsonObject post(int status, String path, JsonObject body) {
    HttpResponse<String> answer = await(sent(path, body));
    assertEquals(status, answer.statusCode(), answer::body);
    return new JsonObject(answer.body());
  }

  private static JsonObject phone(String token, String id) {
    return new JsonObject()
        .put("app-id", "com.example.phone")
        .put("platform", "ios")
        .put("token", token)
        .put("device-id", "<urn:uuid:" + id + ">");
  }

  private JsonObject call(String event) {
    return new JsonObject()
        .put("event", event)
        .put("call-id", "call-" + ++calls)
        .put("from", "sip:carol@example.com")
        .put("to", "sip:alice@example.com")
        .put("media-type", "audio");
  }

  private int ring(String account) {
    return await(sent(account + "/push", call("incoming_session"))).statusCode();
  }

  /** By the token alone, as in version 1. */
  private JsonObject plain(String token) {
    return call("incoming_session").mergeIn(phone(token, "dev-1"));
  }

  private List<String> asked() {
    return sandbox.journal().list().stream()
        .map(one -> one.path().replace("/3/device/", ""))
        .toList();
  }

  private String get(String path) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build(),
            BodyHandlers.ofString())
        .body();
  }

  @Test
  void aPhoneRingsByItsAccountUntilItsTokenIsFoundDeadByWhicheverPush() throws Exception {
    JsonObject stored = post(200, ALICE, phone(CALLS + "-" + OTHERS, "dev-1"));
    assertEquals(CALLS, stored.getString("token"));
    assertEquals("dev-1", stored.getString("device-id"));
    post(200, ALICE + "/push", call("incoming_session"));
    post(200, "/v2/tokens/sip%3Aalice@EXAMPLE.com/push/dev-1", call("cancel"));
    assertEquals(List.of(CALLS, OTHERS), asked());

    sandbox.faults().add(Fault.answer(410).at(Service.APNS).times(1));
    post(410, "/push", plain(CALLS));
    until(() -> ring(ALICE) == 404, () -> "the record is there: " + asked());
    assertTrue(Files.exists(state.resolve("tokens.db")));
  }

  @Test
  void whatWasStoredRingsAfterARestartAndOnlyForWhoHasThePhoneNow() {
    post(200, ALICE, phone(CALLS, "dev-1"));
    post(200, BOB, phone(OTHERS, "dev-2"));
    post(200, BOB, phone(CALLS, "dev-1"));
    assertEquals(404, ring(ALICE));
    await(server.stop());
    server = another();
    assertEquals(404, ring(ALICE));
    assertEquals(200, ring(BOB));
    assertEquals(List.of(CALLS, OTHERS), asked().stream().sorted().toList());
  }

  @Test
  void whereASectionCassandraSaysTooLittleNothingIsStoredElsewhere() throws Exception {
    await(server.stop());
    server = null;
    Files.writeString(
        sandbox.configDirectory().resolve("general.ini"),
        "[Cassandra]\ncluster_contact_points = 127.0.0.1\n",
        StandardOpenOption.APPEND);
    server = another();
    for (JsonObject answer :
        List.of(
            post(503, ALICE, phone(CALLS, "dev-1")),
            post(503, ALICE + "/push", call("incoming_session")),
            post(503, ALICE + "/push/dev-1", call("cancel")))) {
      String said = answer.getString("description");
      assertTrue(said.contains("set cluster_contact_points and keyspace"), said);
    }
    HttpRequest removal =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + ALICE))
            .method("DELETE", BodyPublishers.ofString(phone(CALLS, "dev-1").encode()))
            .build();
    assertEquals(503, client.send(removal, BodyHandlers.ofString()).statusCode());
    sandbox.faults().add(Fault.answer(410).at(Service.APNS).times(1));
    post(410, "/push", plain(CALLS));
    post(200, "/push", plain(OTHERS));
    assertTrue(get("/metrics").contains("pushserver_tokens_store_usable 0"));
    assertTrue(get("/health/ready").contains("set cluster_contact_points and keyspace"));
    assertFalse(Files.exists(state));
  }

  @Test
  void aServerThatWasNeverAskedForTokensHasNoFileForThem() throws Exception {
    sandbox.faults().add(Fault.answer(410).at(Service.APNS).times(1));
    post(410, "/push", plain(CALLS));
    post(200, "/push", plain(OTHERS));
    assertTrue(get("/metrics").contains("pushserver_tokens_store_usable 1"));
    assertTrue(get("/metrics").contains("pushserver_tokens_dead_waiting 0"));
    assertTrue(get("/health/ready").contains("tokens"));
    await(server.stop());
    server = null;
    assertFalse(Files.exists(state));
  }

  @Test
  void phonesRingAtTheServerThatTakesOverWhileTheOtherEndsWhatItHas() throws Exception {
    post(200, ALICE, phone(CALLS, "dev-1"));
    CompletableFuture<HttpResponse<String>> slow =
        sent("/push", plain("51053000" + "ab".repeat(28)));
    until(() -> ACCEPTED.matcher(get("/metrics")).find(), () -> "nothing was accepted");
    RunningServer leaving = server;
    server = another();
    Future<Void> left = leaving.handOver();
    assertEquals(200, ring(ALICE));
    assertEquals(200, await(slow).statusCode());
    await(left);
  }
}
