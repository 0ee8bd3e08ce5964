// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Timeout(30)
class PushClientIT {
  private static final String ANSWER = "{\"code\":200}";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final BlockingQueue<JsonObject> received = new LinkedBlockingQueue<>();
  private Vertx vertx;
  private HttpServer server;
  private volatile int status = 200;

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    server = vertx.createHttpServer();
    server.requestHandler(
        request ->
            request
                .body()
                .onSuccess(
                    body -> {
                      received.add(body.toJsonObject());
                      request.response().setStatusCode(status).end(ANSWER);
                    }));
    server
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void theOptionsOfTheOldClientBecomeTheFieldsOfTheRequest() {
    assertEquals(
        0,
        push(
            "--deviceid",
            "d1",
            "--callid",
            "c1",
            "--event",
            "incoming_session",
            "--from_name",
            "Alice",
            "--silent",
            "1",
            "--mediatype",
            "video"));
    assertEquals(
        new JsonObject()
            .put("app-id", "com.example.phone")
            .put("platform", "apple")
            .put("token", "abcd")
            .put("device-id", "d1")
            .put("call-id", "c1")
            .put("event", "incoming_session")
            .put("from", "sip:a@example.com")
            .put("from-display-name", "Alice")
            .put("to", "sip:b@example.com")
            .put("silent", true)
            .put("media-type", "video"),
        received.poll());
    assertEquals(ANSWER, out.toString().strip());
  }

  @Test
  void whatIsNotGivenHasASensibleDefaultOrIsLeftOut() {
    assertEquals(0, push());
    JsonObject body = received.poll();
    assertEquals("incoming_session", body.getString("event"));
    assertEquals("audio", body.getString("media-type"));
    assertFalse(body.getString("call-id").isEmpty());
    assertFalse(body.containsKey("silent"));
    assertFalse(body.containsKey("device-id"));
  }

  @ParameterizedTest
  @CsvSource({
    "--silent, true",
    "--silent=false, false",
    "--silent=0, false",
    "--silent=True, true"
  })
  void silentIsSentAsABoolean(String option, boolean silent) {
    assertEquals(0, push(option));
    assertEquals(silent, received.poll().getBoolean("silent"));
  }

  @ParameterizedTest
  @CsvSource({"200, 0", "202, 0", "400, 1", "404, 1", "410, 1", "503, 1", "500, 1"})
  void theExitCodeSaysWhetherThePushWasTaken(int answered, int exitCode) {
    status = answered;
    assertEquals(exitCode, push());
    assertEquals(ANSWER, out.toString().strip());
    assertEquals(exitCode == 0, err.toString().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--no-such-option", "--silent=maybe", "--badge=x", "--timeout=0", "--url=nowhere"})
  void wrongUsageIs1AndSendsNothing(String option) {
    assertEquals(1, push(option));
    assertTrue(received.isEmpty());
    assertFalse(err.toString().isEmpty());
  }

  @Test
  void aMissingFieldIs1() {
    assertEquals(1, run("--platform", "apple"));
    assertTrue(err.toString().contains("--appid"));
  }

  @Test
  void aServerThatIsNotThereIs1AndSaysSo() throws Exception {
    server.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertEquals(1, push());
    assertTrue(err.toString().contains("Is the server running"), err::toString);
  }

  @Test
  void aCaFileThatIsNotThereIs1() {
    assertEquals(1, push("--ca-file", "/no/such/file"));
    assertTrue(received.isEmpty());
  }

  private int push(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--platform",
                "apple",
                "--appid",
                "com.example.phone",
                "--token",
                "abcd",
                "--from",
                "sip:a@example.com",
                "--to",
                "sip:b@example.com"));
    List<String> extra = List.of(more);
    if (extra.stream().noneMatch(option -> option.startsWith("--url"))) {
      arguments.addAll(List.of("--url", "http://127.0.0.1:" + server.actualPort() + "/push"));
    }
    arguments.addAll(extra);
    return run(arguments.toArray(String[]::new));
  }

  private int run(String... arguments) {
    return new CommandLine(new PushClient())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
