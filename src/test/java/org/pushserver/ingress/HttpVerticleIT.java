// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.api.ApiParts;
import org.pushserver.api.LivePolicy;
import org.pushserver.api.SampleRequest;
import org.pushserver.api.ScriptedDispatcher;
import org.pushserver.config.ServerSettings;
import org.pushserver.observe.RequestMeters;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Response;

class HttpVerticleIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @RegisterExtension
  private final TestIngress ingress = TestIngress.open(ScriptedDispatcher.withSamples());

  private RawClient client;

  @BeforeEach
  void open() throws IOException {
    client = new RawClient(ingress.port());
  }

  @AfterEach
  void close() throws IOException {
    client.close();
  }

  private RawClient.Answer post(Object body) throws IOException {
    return client.exchange(
        RawClient.post("/push", body.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private RawClient.Answer ask(String request) throws IOException {
    client.send(request);
    return client.receive();
  }

  private static void assertRefused(int status, RawClient.Answer answer) throws IOException {
    assertEquals(status, answer.status(), answer::body);
    assertEquals("application/json", answer.headers().get("content-type"));
    JsonNode json = JSON.readTree(answer.body());
    assertEquals(status, json.path("code").intValue());
    assertFalse(json.path("description").textValue().isEmpty());
    assertEquals(status == 403 ? "{}" : "\"\"", json.path("data").toString());
    assertEquals(3, json.size());
  }

  private void assertStillServing() throws IOException {
    try (RawClient another = new RawClient(ingress.port())) {
      assertEquals(
          200, another.exchange(RawClient.post("/push", SampleRequest.apple().bytes())).status());
    }
  }

  @Test
  void aPushIsDeliveredAndItsOutcomeTold() throws IOException {
    RawClient.Answer answer = post(SampleRequest.apple());

    assertEquals(200, answer.status());
    JsonNode json = JSON.readTree(answer.body());
    assertEquals("push notification response", json.path("description").textValue());
    assertEquals("https://push.example/3", json.path("data").path("url").textValue());
    assertEquals(SampleRequest.APPLE_TOKEN, json.path("data").path("token").textValue());
    assertEquals(Event.INCOMING_SESSION, ingress.dispatcher.pushes().get(0).event());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/push", "/push/", "/push?x=1", "http://door/push"})
  void thePathMayHaveASlashOrAQuery(String path) throws IOException {
    assertEquals(
        200, client.exchange(RawClient.post(path, SampleRequest.apple().bytes())).status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/PUSH", "//push", "/push//", "/push/x", "/nope", "/x/../push", "/%70ush", "*"})
  void anotherPathIs404(String path) throws IOException {
    assertRefused(404, client.exchange(RawClient.post(path, SampleRequest.apple().bytes())));
    assertEquals(0, ingress.dispatcher.pushes().size());
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /push, POST",
    "PUT, /push, POST",
    "BREW, /push/, POST",
    "DELETE, /, 'GET, HEAD, OPTIONS'"
  })
  void anotherMethodIs405AndToldWhich(String method, String path, String allowed)
      throws IOException {
    RawClient.Answer answer = ask(method + " " + path + " HTTP/1.1\r\nHost: door\r\n\r\n");
    assertRefused(405, answer);
    assertEquals(allowed, answer.headers().get("allow"));
    assertStillServing();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: identity, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding:\r\n chunked",
        "Transfer-Encoding: chunked\r\n ",
        "Transfer-Encoding: \u000bchunked",
        "Transfer-Encoding : chunked",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length:\r\n 5",
        "Content-Length: +5",
        "Content-Length: 5, 5",
        "Host: other\r\nContent-Length: 5",
        "Host: door\r\nContent-Length: 5",
      })
  void aHeadThatAProxyMayReadOtherwiseIs400AndTheConnectionCloses(String headers)
      throws IOException {
    RawClient.Answer answer =
        ask("POST /push HTTP/1.1\r\nHost: door\r\n" + headers + "\r\n\r\n0\r\n\r\n");
    assertRefused(400, answer);
    assertEquals("close", answer.headers().get("connection"));
    assertEquals(0, ingress.dispatcher.pushes().size());
    assertStillServing();
  }

  @Test
  void chunksOfHttp10AreRefused() throws IOException {
    assertRefused(400, ask("POST /push HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "GZIP", "deflate", "br", "identity, gzip", "x"})
  void aCompressedBodyIs415(String coding) throws IOException {
    byte[] request = RawClient.post("/push", SampleRequest.apple().bytes());
    String text = new String(request, StandardCharsets.ISO_8859_1);
    client.send(text.replaceFirst("Host: ", "Content-Encoding: " + coding + "\r\nHost: "));
    assertRefused(415, client.receive());
    assertEquals(0, ingress.dispatcher.pushes().size());
  }

  @ParameterizedTest
  @CsvSource({"/, 200", "/docs, 200", "/openapi.json, 200", "/push, 405", "/nope, 404"})
  void headIsGetWithoutContent(String path, int status) throws IOException {
    client.send("HEAD " + path + " HTTP/1.1\r\nHost: door\r\n\r\n");
    RawClient.Answer answer = client.receiveHead();
    assertEquals(status, answer.status());
    assertTrue(Integer.parseInt(answer.headers().get("content-length")) > 0);
    assertEquals(200, ask("GET / HTTP/1.1\r\nHost: door\r\n\r\n").status(), "nothing between");
  }

  @Test
  void optionsSaysHowAPageMayBeAskedFor() throws IOException {
    RawClient.Answer answer = ask("OPTIONS / HTTP/1.1\r\nHost: door\r\n\r\n");
    assertEquals(204, answer.status());
    assertEquals("GET, HEAD, OPTIONS", answer.headers().get("allow"));
  }

  @Test
  void theRootWelcomes() throws IOException {
    RawClient.Answer answer = ask("GET / HTTP/1.1\r\nHost: door\r\n\r\n");
    assertEquals(200, answer.status());
    assertEquals("application/json", answer.headers().get("content-type"));
    assertTrue(JSON.readTree(answer.body()).isTextual());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
        "nonsense"
      })
  void theContentTypeDecidesNothing(String type) throws IOException {
    String body = SampleRequest.apple().toString();
    RawClient.Answer answer =
        ask(
            "POST /push HTTP/1.1\r\nHost: door\r\nContent-Type: %s\r\nContent-Length: %s\r\n\r\n%s"
                .formatted(type, body.length(), body));
    assertEquals(200, answer.status(), answer::body);
  }

  @Test
  void aBodyMayComeInPieces() throws IOException {
    StringBuilder request =
        new StringBuilder(
            "POST /push HTTP/1.1\r\nHost: door\r\nTransfer-Encoding: chunked\r\n\r\n");
    SampleRequest.apple()
        .toString()
        .chars()
        .forEach(character -> request.append("1\r\n").append((char) character).append("\r\n"));
    assertEquals(200, ask(request.append("0\r\n\r\n").toString()).status());
  }

  @Test
  void aClientThatAsksBeforeItSendsABodyIsEncouraged() throws IOException {
    byte[] body = SampleRequest.apple().bytes();
    RawClient.Answer go =
        ask(
            "POST /push HTTP/1.1\r\nHost: door\r\nExpect: 100-continue\r\nContent-Length: "
                + body.length
                + "\r\n\r\n");
    assertEquals(100, go.status());
    assertEquals(200, client.exchange(body).status());
  }

  @Test
  void aBodyOf64KiBPassesAndOneByteMoreIs413() throws IOException {
    String sample = SampleRequest.apple().toString();
    assertEquals(200, post(sample + " ".repeat(65_536 - sample.length())).status());
    assertRefused(413, post(sample + " ".repeat(65_537 - sample.length())));
    assertEquals(200, post(sample).status(), "the connection can be used again");
  }

  @Test
  void aBodyWithoutEndLosesItsConnection() throws IOException {
    String chunk = "4000\r\n" + " ".repeat(0x4000) + "\r\n";
    // Exactly what the server reads before it gives up, and no more: unread bytes on closing would
    // reset the connection before the answer is read.
    client.send("POST /push HTTP/1.1\r\nHost: door\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int sent = 0; sent < 64; sent++) {
      client.send(chunk);
    }
    RawClient.Answer answer = ask("1\r\n \r\n");
    assertRefused(413, answer);
    assertEquals("close", answer.headers().get("connection"));
    assertTrue(client.isClosedByServer());
    assertStillServing();
  }

  @Test
  void anEmptyBodyIs400() throws IOException {
    assertRefused(400, post(""));
  }

  @Test
  void whoeverIsNotOnTheListLearnsNothing() throws IOException {
    try (TestIngress closed =
        TestIngress.open(
            ScriptedDispatcher.withSamples(), TestIngress.settings(true, "192.0.2.0/24, ::1"))) {
      for (String request :
          new String[] {
            "POST /push HTTP/1.1\r\nHost: door\r\nContent-Length: 2\r\n\r\n{}",
            "GET /nope HTTP/1.1\r\nHost: door\r\n\r\n",
            "DELETE /push HTTP/1.1\r\nHost: door\r\n\r\n",
            "nonsense\r\n\r\n"
          }) {
        try (RawClient stranger = new RawClient(closed.port())) {
          stranger.send(request);
          RawClient.Answer answer = stranger.receive();
          assertRefused(403, answer);
          assertTrue(answer.body().contains("access denied by access list"));
        }
      }
      assertEquals(0, closed.dispatcher.pushes().size());
    }
  }

  @Test
  void aCallerWhoDoesNotWaitGets202() throws IOException {
    try (TestIngress fast =
            TestIngress.open(
                ScriptedDispatcher.withSamples(), TestIngress.settings(false, "127.0.0.1"));
        RawClient caller = new RawClient(fast.port())) {
      byte[] request = RawClient.post("/push", SampleRequest.firebase().bytes());
      RawClient.Answer accepted = caller.exchange(request);
      assertEquals(202, accepted.status());
      assertEquals(
          "{\"code\":202,\"description\":\"accepted for delivery\",\"data\":{}}", accepted.body());
      assertEquals(1, fast.dispatcher.pushes().size());

      fast.dispatcher.acceptWith(
          Optional.of(
              new Outcome(
                  Outcome.Result.OVERLOADED, new Response(503, "queue full", "", "{}"), 0)));
      RawClient.Answer full = caller.exchange(request);
      assertEquals(503, full.status());
      assertEquals("1", full.headers().get("retry-after"));
    }
  }

  @Test
  void aFullQueueIs503AndSaysWhenToTryAgain() throws IOException {
    ingress.dispatcher.deliverWith(
        push ->
            Future.succeededFuture(
                new Outcome(
                    Outcome.Result.OVERLOADED, new Response(503, "queue full", "", "{}"), 0)));
    RawClient.Answer answer = post(SampleRequest.apple());
    assertEquals(503, answer.status());
    assertEquals("1", answer.headers().get("retry-after"));
    assertEquals("{\"code\":503,\"description\":\"queue full\",\"data\":{}}", answer.body());
  }

  @Test
  void aFaultOfOursIs500WithoutItsTrace() throws IOException {
    ingress.dispatcher.deliverWith(
        push -> Future.failedFuture(new IllegalStateException("inside")));
    RawClient.Answer failed = post(SampleRequest.apple());
    assertRefused(500, failed);
    assertFalse(failed.body().contains("inside"));

    ingress.dispatcher.deliverWith(
        push -> {
          throw new IllegalStateException("inside");
        });
    RawClient.Answer thrown = post(SampleRequest.apple());
    assertRefused(500, thrown);
    assertFalse(thrown.body().contains("inside"));
  }

  @Test
  void aCallerWhoHangsUpDoesNoHarm() throws IOException {
    Promise<Outcome> end = Promise.promise();
    CompletableFuture<Void> arrived = new CompletableFuture<>();
    ingress.dispatcher.deliverWith(
        push -> {
          arrived.complete(null);
          return end.future();
        });
    client.send(RawClient.post("/push", SampleRequest.apple().bytes()));
    arrived.orTimeout(20, TimeUnit.SECONDS).join();
    client.close();
    end.complete(ScriptedDispatcher.DELIVERED);

    ingress.dispatcher.deliverWith(push -> Future.succeededFuture(ScriptedDispatcher.DELIVERED));
    assertStillServing();
  }

  @Test
  void aSilentConnectionIsClosedAfterAMinute() throws IOException {
    try (RawClient silent = new RawClient(ingress.port());
        RawClient slow = new RawClient(ingress.port())) {
      assertEquals(
          200, silent.exchange(RawClient.post("/push", SampleRequest.apple().bytes())).status());
      // The 100 says that the server has read this head; an answer on another connection, that it
      // has gone on to other things since.
      slow.send(
          "POST /push HTTP/1.1\r\nHost: door\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
      assertEquals(100, slow.receive().status());
      assertEquals(200, post(SampleRequest.apple()).status());

      ingress.pass(Duration.ofSeconds(65));
      assertTrue(silent.isClosedByServer());
      assertRefused(408, slow.receive());
      assertTrue(slow.isClosedByServer());
    }
  }

  @Test
  void aCallerWhoWaitsForItsPushIsNeverCutOff() throws IOException {
    Promise<Outcome> end = Promise.promise();
    CompletableFuture<Void> arrived = new CompletableFuture<>();
    ingress.dispatcher.deliverWith(
        push -> {
          arrived.complete(null);
          return end.future();
        });
    try (RawClient silent = new RawClient(ingress.port())) {
      // Both connections are known to the server before the clock is moved.
      silent.send("GET / HTTP/1.1\r\nHost: door\r\n\r\n");
      assertEquals(200, silent.receive().status());
      client.send(RawClient.post("/push", SampleRequest.apple().bytes()));
      arrived.orTimeout(20, TimeUnit.SECONDS).join();

      ingress.pass(Duration.ofHours(1));
      assertTrue(silent.isClosedByServer(), "the sweep has been");
    }
    end.complete(ScriptedDispatcher.DELIVERED);
    assertEquals(200, client.receive().status());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense | 400",
        "GET | 400",
        "GET / HTTP/1.1~Host: door~Content-Length: x | 400",
        "GET / HTTP/1.1~Host: door~Content-Length: 1~Content-Length: 2 | 400",
        "GET / HTTP/1.1~no colon | 400",
        "GET / HTTP/1.1~Na\u0001me: x | 400",
        "GET / HTTP/1.1 | 400",
      })
  void whatIsNotHttpIsToldInJson(String request, int status) throws IOException {
    assertRefused(status, ask(request.replace("~", "\r\n") + "\r\n\r\n"));
    assertStillServing();
  }

  @Test
  void longHeadsAreRefused() throws IOException {
    assertRefused(414, ask("GET /" + "x".repeat(5000) + " HTTP/1.1\r\n\r\n"));
    try (RawClient another = new RawClient(ingress.port())) {
      another.send("GET / HTTP/1.1\r\nHost: door\r\nX: " + "x".repeat(9000) + "\r\n\r\n");
      assertRefused(431, another.receive());
    }
  }

  @Test
  void headersOf8KiBPass() throws IOException {
    assertEquals(
        200, ask("GET / HTTP/1.1\r\nHost: door\r\nX: " + "x".repeat(8000) + "\r\n\r\n").status());
  }

  @Test
  void chunksMayHaveExtensions() throws IOException {
    String body = SampleRequest.apple().toString();
    RawClient.Answer answer =
        ask(
            "POST /push HTTP/1.1\r\nHost: door\r\nTransfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(body.length())
                + ";a=b;c=\"d\"\r\n"
                + body
                + "\r\n0;e\r\n\r\n");
    assertEquals(200, answer.status(), answer::body);
  }

  @Test
  void anAddressThatIsTakenIsNamed() {
    ServerSettings free = TestIngress.settings(true, "127.0.0.1");
    ServerSettings taken =
        new ServerSettings(
            free.host(),
            ingress.port(),
            free.tls(),
            free.waitForResult(),
            free.access(),
            free.limits(),
            free.log(),
            free.drainTimeout(),
            free.admin());
    Throwable told =
        assertThrows(
                CompletionException.class,
                () -> TestIngress.open(ingress.dispatcher, taken).close())
            .getCause();
    assertEquals(
        "cannot listen on 127.0.0.1:" + ingress.port() + ": Address already in use",
        told.getMessage());
  }

  @Test
  void severalVerticlesShareOneFreePort() throws IOException {
    Vertx vertx = Vertx.vertx();
    ServerSettings settings = TestIngress.settings(true, "127.0.0.1");
    HttpIngress several =
        await(
            HttpIngress.open(
                vertx,
                2,
                settings,
                new LivePolicy(settings, ingress.time),
                ApiParts.of(ingress.dispatcher, ingress.time),
                List.of(),
                new RequestMeters(ingress.counts)));
    for (int times = 0; times < 4; times++) {
      try (RawClient another = new RawClient(several.port())) {
        assertEquals(
            200, another.exchange(RawClient.post("/push", SampleRequest.apple().bytes())).status());
      }
    }
    await(vertx.close());
  }
}
