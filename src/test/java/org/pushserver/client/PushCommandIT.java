// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.cli.Mistakes;
import org.pushserver.fake.TestTls;

@Timeout(30)
class PushCommandIT {
  private static final String ANSWER = "{\"code\":200}";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final BlockingQueue<JsonObject> received = new LinkedBlockingQueue<>();
  private Vertx vertx;
  private HttpServer server;
  private final BlockingQueue<String> authorizations = new LinkedBlockingQueue<>();
  private volatile int status = 200;
  private volatile String body = ANSWER;

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    server = vertx.createHttpServer();
    server.requestHandler(
        request ->
            request
                .body()
                .onSuccess(
                    sent -> {
                      received.add(sent.toJsonObject());
                      String authorization = request.getHeader("authorization");
                      authorizations.add(authorization == null ? "" : authorization);
                      request.response().setStatusCode(status).end(body);
                    }));
    await(server.listen(0, "127.0.0.1"));
  }

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
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
    assertTrue(
        out.toString()
            .strip()
            .matches("The push service took the push after .* \\(call-id c1\\)\\."),
        out::toString);
  }

  @Test
  void anApiKeyIsSent() {
    assertEquals(0, push("--api-key", "k-1"));
    assertEquals("Bearer k-1", authorizations.poll());
  }

  @Test
  void aFailureIsOneSentenceWithThePushServicesWordAndWhatToDo() {
    status = 410;
    body =
        "{\"code\":410,\"description\":\"push notification response\","
            + "\"data\":{\"body\":{\"reason\":\"no\"},\"reason\":\"Unregistered\\u001b[2J\"}}";
    assertEquals(1, push());
    assertEquals(
        "pushclient: the push was not sent (410, Unregistered [2J):"
            + " the device's token is dead; forget it.\n",
        err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void whatTheServerSaysOfAPushThatNeedNotBeSentIsTold() {
    body = "{\"code\":200,\"description\":\"nothing to cancel\",\"data\":{\"reason\":\"OK\"}}";
    assertEquals(0, push());
    assertTrue(out.toString().startsWith("The server answered 'nothing to cancel'"), out::toString);
  }

  @Test
  void anAnswerThatIsNotOursStillHasItsStatus() {
    status = 502;
    body = "<html>Bad gateway</html>";
    assertEquals(1, push());
    assertEquals(
        "pushclient: the push was not sent (502): see the server's log.\n", err.toString());
  }

  @Test
  void whatIsNotGivenHasASensibleDefaultOrIsLeftOut() {
    assertEquals(0, push());
    JsonObject sent = received.poll();
    assertEquals("incoming_session", sent.getString("event"));
    assertEquals("audio", sent.getString("media-type"));
    assertFalse(sent.getString("call-id").isEmpty());
    assertFalse(sent.containsKey("silent"));
    assertFalse(sent.containsKey("device-id"));
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
    assertEquals(exitCode, push("--json"));
    assertEquals(ANSWER, out.toString().strip());
    assertEquals(exitCode == 0, err.toString().isEmpty());
    assertTrue(err.toString().lines().count() <= 1, err::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--key=k.pem",
        "--no-such-option",
        "--silent=maybe",
        "--badge=x",
        "--timeout=0",
        "--url=nowhere"
      })
  void wrongUsageIs1AndSendsNothing(String option) {
    assertEquals(1, push(option));
    assertTrue(received.isEmpty());
    assertFalse(err.toString().isEmpty());
  }

  @Test
  void aMissingFieldIs1() {
    assertEquals(1, run("--platform", "apple"));
    assertTrue(err.toString().contains("--app-id"));
  }

  @Test
  void aServerThatIsNotThereIs1AndSaysSo() throws Exception {
    await(server.close());
    assertEquals(1, push());
    assertTrue(err.toString().contains("Is the server running"), err::toString);
  }

  @Test
  void aCaFileThatIsNotThereIs1() {
    assertEquals(1, push("--ca-file", "/no/such/file"));
    assertTrue(received.isEmpty());
    assertEquals("pushclient: there is no file /no/such/file\n", err.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:1/push, nothing listens there",
    "http://no-such-host.invalid/push, nobody knows the name no-such-host.invalid",
  })
  void whyThereIsNoAnswerIsSaidInWords(String url, String words) {
    assertEquals(1, push("--url=" + url));
    assertTrue(err.toString().contains("no answer from " + url + ": " + words), err::toString);
    assertFalse(err.toString().contains("Exception"), err::toString);
    assertEquals(1, err.toString().lines().count());
  }

  @Test
  void aServerThatWantsAClientCertificateGetsIt(@TempDir Path directory) throws Exception {
    TestTls tls = TestTls.create(directory);
    HttpServer secure =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setSsl(true)
                    .setKeyCertOptions(tls.server())
                    .setTrustOptions(tls.trust())
                    .setClientAuth(ClientAuth.REQUIRED))
            .requestHandler(request -> request.response().end(ANSWER));
    await(secure.listen(0, "127.0.0.1"));
    String url = "--url=https://127.0.0.1:" + secure.actualPort() + "/push";
    String certificate = tls.clientCertificate().toString();
    String key = tls.clientKey().toString();
    String authority = tls.ca().toString();

    assertEquals(0, push(url, "--ca-file", authority, "--cert", certificate, "--key", key));
    Path both = directory.resolve("both.pem");
    Files.writeString(
        both, Files.readString(tls.clientKey()) + Files.readString(tls.clientCertificate()));
    assertEquals(0, push(url, "--ca-file", authority, "--cert", both.toString()));
    assertEquals("", err.toString());

    assertEquals(1, push(url, "--ca-file", authority));
    assertTrue(err.toString().contains("--cert"), err::toString);
    assertEquals(1, push(url));
    assertTrue(
        err.toString().contains("not trusted here; give its authority with --ca-file"),
        err::toString);
    assertEquals(1, push(url, "--cert", certificate, "--key", certificate));
    assertTrue(err.toString().contains("there is no private key in it"), err::toString);
    assertFalse(err.toString().contains("Exception"), err::toString);
  }

  @Test
  void httpsToAPlainPortSaysSo() {
    assertEquals(1, push("--url=https://127.0.0.1:" + server.actualPort() + "/push"));
    assertTrue(
        err.toString().contains("it speaks plain HTTP; write http:// in --url"), err::toString);
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
    return Mistakes.commandLine(new PushCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
