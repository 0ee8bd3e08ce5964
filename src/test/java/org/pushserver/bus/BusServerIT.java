// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.failure;

import ch.qos.logback.classic.Level;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.RunningServer;
import org.pushserver.api.MessageSchema;
import org.pushserver.config.KeyHash;
import org.pushserver.fake.Await;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.TestSandbox;
import org.pushserver.sandbox.Sandbox;
import org.pushserver.sandbox.SandboxOptions;
import org.pushserver.spi.ConfigException;

/** A whole server on an event bus: what other services send it, and what they hear. */
@Timeout(60)
class BusServerIT {
  private static final String DEAD = "dead-phone";
  private static final String DOWN = "down-phone";

  @TempDir private Path directory;

  @RegisterExtension private final LogTrail log = new LogTrail("org.pushserver", Level.INFO);

  private final Vertx vertx = Vertx.vertx();
  private Sandbox sandbox;
  private RunningServer server;

  @BeforeEach
  void open() {
    sandbox = await(TestSandbox.start(vertx, SandboxOptions.in(directory)));
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private Future<RunningServer> start(String... lines) throws Exception {
    general(lines);
    return RunningServer.start(vertx, sandbox.configDirectory(), Duration.ofHours(1))
        .onSuccess(started -> server = started);
  }

  private void general(String... lines) throws Exception {
    Files.writeString(
        sandbox.configDirectory().resolve("general.ini"),
        "[server]\nport = 0\n" + String.join("\n", lines) + "\n");
  }

  /** Puts a file with one key there, and tells the key. */
  private String key(String applications) throws Exception {
    String key = KeyHash.newKey();
    String hash = HexFormat.of().formatHex(new KeyHash().of(key));
    Files.writeString(
        sandbox.configDirectory().resolve("bus_keys"), "gateway " + hash + " " + applications);
    return key;
  }

  private static JsonObject ring(String token, String callId) {
    return new JsonObject()
        .put("app-id", "com.example.phone")
        .put("platform", "firebase")
        .put("token", token)
        .put("event", "incoming_session")
        .put("call-id", callId)
        .put("media-type", "audio")
        .put("from", "sip:alice@example.com")
        .put("to", "sip:bob@example.com");
  }

  private Future<JsonObject> ask(String address, Object body, String... headers) {
    return vertx
        .eventBus()
        .<Object>request(address, body, TestBus.headers(headers))
        .map(BusServerIT::json);
  }

  private static JsonObject json(Message<Object> message) {
    return message.body() instanceof Buffer bytes
        ? new JsonObject(bytes)
        : (JsonObject) message.body();
  }

  private JsonObject push(String token, String callId, String... headers) {
    JsonObject request = ring(token, callId);
    MessageSchema.REQUEST.assertDescribes(request);
    JsonObject reply = await(ask("pushserver.push", request, headers));
    MessageSchema.REPLY.assertDescribes(reply);
    return reply;
  }

  private Future<JsonObject> nextResult(String address) {
    Promise<JsonObject> next = Promise.promise();
    await(
        vertx
            .eventBus()
            .<JsonObject>consumer(address, message -> next.tryComplete(message.body()))
            .completion());
    return next.future();
  }

  @Test
  void aPushIsSentAndToldInItsReplyInItsResultAndInTheLog() throws Exception {
    await(start());
    Future<JsonObject> published = nextResult("pushserver.results");
    JsonObject reply = push("phone-of-bob", "c1", "sender", "gate");
    assertEquals(200, reply.getInteger("code"));
    assertEquals("c1", reply.getJsonObject("data").getString("call_id"));
    assertEquals(
        1,
        sandbox.journal().list().stream()
            .filter(one -> one.toString().contains("phone-of-bob"))
            .count());

    JsonObject result = await(published);
    MessageSchema.RESULT.assertDescribes(result);
    assertEquals(1, result.getInteger("version"));
    assertEquals("c1", result.getString("call_id"));
    assertEquals("DELIVERED", result.getString("result"));
    assertEquals("DELIVERED", PushEnd.of(result).result());

    String incoming = log.untilLogged("incoming call-id=c1");
    assertTrue(incoming.contains("from=bus:gate"), incoming);
    assertTrue(log.untilLogged("outcome call-id=c1").contains("result=DELIVERED"));
  }

  @Test
  void aDeadTokenIsToldInReplyAndResult() throws Exception {
    await(start());
    Future<JsonObject> published = nextResult("pushserver.results");
    assertEquals(410, push(DEAD, "c1").getInteger("code"));
    JsonObject result = await(published);
    MessageSchema.RESULT.assertDescribes(result);
    assertEquals("DEAD_TOKEN", result.getString("result"));
  }

  @Test
  void aPrefixHoldsForAllAddresses() throws Exception {
    await(start("[bus]", "prefix = eu.push"));
    Future<JsonObject> published = nextResult("eu.push.results");
    assertEquals(200, await(ask("eu.push.push", ring("phone-of-bob", "c1"))).getInteger("code"));
    assertEquals("c1", await(published).getString("call_id"));
    assertEquals(1, await(ask("eu.push.status", new JsonObject())).getInteger("version"));
    assertTrue(
        failure(ask("pushserver.push", new JsonObject())).getMessage().contains("No handlers"));
  }

  @Test
  void theStatusIsTheDocumentOfHttpWithDeadlines() throws Exception {
    await(start("[delivery]", "call_deadline = 0.5"));
    assertEquals(200, push("phone-of-bob", "c1").getInteger("code"));
    JsonObject status = await(ask("pushserver.status", null));
    MessageSchema.STATUS.assertDescribes(status);
    assertEquals("ready", status.getString("status"));
    JsonObject application = status.getJsonArray("applications").getJsonObject(0);
    assertEquals(0.5, application.getDouble("call_deadline"));
    assertEquals(7200, application.getInteger("message_deadline"));
    HttpResponse<String> page =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port() + "/health/ready"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertEquals(status.fieldNames(), new JsonObject(page.body()).fieldNames());
    assertEquals(
        application.fieldNames(),
        new JsonObject(page.body()).getJsonArray("applications").getJsonObject(0).fieldNames());
    MessageSchema.STATUS.assertDescribes(new JsonObject(page.body()));
  }

  @Test
  void whoeverWaitsIsAnsweredWhenTheServerStopsAndLateOnesComeAgain() throws Exception {
    await(start("drain_timeout = 3"));
    Future<JsonObject> waiting = ask("pushserver.push", ring(DOWN, "c1"), "wait", "true");
    // It is in the queue of its application by then, and will not be delivered.
    log.untilLogged("attempt call-id=c1");
    Future<Void> stopped = server.stop();
    Await.until(
        () -> await(ask("pushserver.status", null)).getString("status").equals("stopping"),
        () -> "the status does not say that the server stops");
    JsonObject late = await(ask("pushserver.push", ring("phone-of-bob", "c2")));
    MessageSchema.REPLY.assertDescribes(late);
    assertEquals(503, late.getInteger("code"));
    JsonObject ended = await(waiting);
    MessageSchema.REPLY.assertDescribes(ended);
    assertEquals(503, ended.getInteger("code"));
    assertEquals("the server is shutting down", ended.getString("description"));
    await(stopped);
    assertTrue(
        failure(ask("pushserver.push", new JsonObject())).getMessage().contains("No handlers"));
    await(start());
  }

  @Test
  void theKeysOfTheBusAreReadAgainAndOpenNothingOverHttp() throws Exception {
    String first = key("com.example.phone");
    await(start("[bus]", "api_keys = bus_keys"));
    assertEquals(401, push("phone-of-bob", "c1").getInteger("code"));
    assertEquals(200, push("phone-of-bob", "c2", "api-key", first).getInteger("code"));
    String second = key("com.example.linphone");
    assertTrue(await(server.check()));
    assertEquals(401, push("phone-of-bob", "c3", "api-key", first).getInteger("code"));
    assertEquals(403, push("phone-of-bob", "c4", "api-key", second).getInteger("code"));
    JsonObject brief = await(ask("pushserver.status", new JsonObject()));
    MessageSchema.STATUS.assertDescribes(brief);
    assertFalse(brief.containsKey("applications"));
    JsonObject whole = await(ask("pushserver.status", Buffer.buffer(), "api-key", second));
    assertTrue(whole.containsKey("applications"));
  }

  @Test
  void keysThatHaveGoneHoldUntilThatIsBelieved() throws Exception {
    String key = key("*");
    await(start("[bus]", "api_keys = bus_keys"));
    general();
    assertTrue(await(server.reload()));
    log.untilLogged("guards of [bus] are no longer configured; held as before");
    assertEquals(401, push("phone-of-bob", "c1").getInteger("code"));
    assertEquals(200, push("phone-of-bob", "c2", "api-key", key).getInteger("code"));
    assertTrue(await(server.check()));
    assertEquals(200, push("phone-of-bob", "c3").getInteger("code"));
  }

  @Test
  void aFileOfKeysThatIsWrongStopsTheStartAndChangesNothingLater() throws Exception {
    Files.writeString(sandbox.configDirectory().resolve("bus_keys"), "gateway secret *");
    assertFatal(
        "line 1: after the name comes the key's hash", start("[bus]", "api_keys = bus_keys"));
    assertFatal("missing does not exist or may not be read", start("[bus]", "api_keys = missing"));
    assertFatal("did you mean api_keys?", start("[bus]", "api_key = bus_keys"));
    String key = key("*");
    await(start("[bus]", "api_keys = bus_keys"));
    Files.writeString(sandbox.configDirectory().resolve("bus_keys"), "gateway secret *");
    assertFalse(await(server.check()));
    assertEquals(401, push("phone-of-bob", "c1").getInteger("code"));
    assertEquals(200, push("phone-of-bob", "c2", "api-key", key).getInteger("code"));
  }

  private static void assertFatal(String part, Future<?> start) {
    ConfigException refused = assertInstanceOf(ConfigException.class, failure(start));
    assertTrue(
        refused.problems().stream().anyMatch(problem -> problem.toString().contains(part)),
        refused.problems()::toString);
  }

  @Test
  void whatWaitsForTheNextStartIsInTheLog() throws Exception {
    await(start());
    general("[bus]", "push = no", "prefix = other");
    assertTrue(await(server.check()));
    log.untilLogged("push: pushes from the event bus are taken until the next start");
    log.untilLogged(
        "prefix: the addresses on the event bus begin with pushserver until the next start");
    assertEquals(200, push("phone-of-bob", "c1").getInteger("code"));
  }
}
