// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.failure;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.TestTls;
import org.pushserver.push.Answer;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Payload;
import org.pushserver.spi.Problem;
import org.pushserver.spi.PushService;
import org.pushserver.spi.SamplePush;

/** The sample of a push service, conf/pns/MyPns.java, against a real HTTPS server. */
@Timeout(60)
class MyPnsIT {
  private static final Push PUSH = SamplePush.of(Event.MESSAGE).push();
  private static final Payload PAYLOAD =
      new Payload(Map.of("x-tenant", "acme"), Buffer.buffer("{\"a\":1}"));
  private static final Delivery DELIVERY =
      new Delivery(Duration.ofSeconds(64), Duration.ofHours(2), Duration.ofSeconds(10), 100, 16);

  @TempDir Path dir;

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final ManualTime time = new ManualTime();
  private final BlockingQueue<State> changes = new LinkedBlockingQueue<>();
  private final BlockingQueue<HttpServerRequest> requests = new LinkedBlockingQueue<>();
  private final BlockingQueue<Buffer> bodies = new LinkedBlockingQueue<>();
  private final List<Problem> warnings = new ArrayList<>();
  private volatile Handler<HttpServerRequest> script = request -> request.response().end();
  private TestTls tls;
  private HttpServer server;
  private Map<String, String> settings;
  private PushService service;

  @BeforeEach
  void start() throws Exception {
    tls = TestTls.create(dir);
    server =
        vertx.createHttpServer(
            new HttpServerOptions().setSsl(true).setKeyCertOptions(tls.server()));
    server.requestHandler(
        request ->
            request
                .body()
                .onSuccess(
                    body -> {
                      bodies.add(body);
                      requests.add(request);
                      script.handle(request);
                    }));
    await(server.listen(0, "localhost"));
    settings = new HashMap<>();
    settings.put("url", "https://localhost:" + server.actualPort() + "/push?x=1");
    settings.put("ca_file", tls.ca().toString());
  }

  @AfterEach
  void stop() throws Exception {
    if (service != null) {
      await(onLoop(service::close));
    }
    await(vertx.close());
  }

  private interface Action<T> {
    Future<T> run();
  }

  private <T> Future<T> onLoop(Action<T> action) {
    Promise<T> promise = Promise.promise();
    loop.runOnContext(turn -> action.run().onComplete(promise));
    return promise.future();
  }

  private AppConfig section() {
    return SampleFiles.section("template", "mypns", settings, DELIVERY);
  }

  private PushService create() throws ConfigException {
    return SampleFiles.provider("mypns").create(section(), warnings::add);
  }

  private void open() throws Exception {
    service = create();
    await(onLoop(() -> service.open(vertx, time, () -> changes.add(service.condition().state()))));
  }

  private Future<Answer> send() {
    return onLoop(() -> service.send(PUSH, PAYLOAD));
  }

  @Test
  void theNotificationIsPostedToTheUrl() throws Exception {
    settings.put("bearer_token", "s3cret");
    open();
    assertEquals(16, service.window());
    assertEquals(Condition.CONNECTED, service.condition());
    Answer answer = await(send());
    assertInstanceOf(Answer.Delivered.class, answer);
    HttpServerRequest request = requests.take();
    assertEquals("POST /push?x=1", request.method() + " " + request.uri());
    assertEquals("application/json", request.getHeader("content-type"));
    assertEquals("Bearer s3cret", request.getHeader("authorization"));
    assertEquals(PUSH.id().toString(), request.getHeader("idempotency-key"));
    assertEquals("acme", request.getHeader("x-tenant"));
    assertEquals("{\"a\":1}", bodies.take().toString());
    assertEquals(List.of(), warnings);
  }

  @ParameterizedTest
  @CsvSource({
    "200, Delivered, 200, ",
    "204, Delivered, 200, ",
    "302, Refused, 502, APPLICATION",
    "400, Refused, 400, PUSH",
    "401, Refused, 401, APPLICATION",
    "404, Refused, 404, APPLICATION",
    "408, Later, 408, ",
    "410, DeadToken, 410, ",
    "422, Refused, 422, PUSH",
    "429, Later, 429, ",
    "500, Later, 500, ",
    "503, Later, 503, "
  })
  void theStatusSaysWhatBecomesOfThePush(int status, String kind, int code, Answer.Fault fault)
      throws Exception {
    open();
    script = request -> request.response().setStatusCode(status).end();
    Answer answer = await(send());
    assertEquals(kind, answer.getClass().getSimpleName());
    assertEquals(code, answer.response().code());
    assertEquals(fault, answer instanceof Answer.Refused refused ? refused.fault() : null);
    assertEquals("{}", answer.response().body());
    assertEquals(settings.get("url"), answer.response().url());
  }

  @Test
  void retryAfterIsHonoured() throws Exception {
    open();
    script =
        request -> request.response().setStatusCode(503).putHeader("retry-after", "7").end("busy");
    Answer.Later later = (Answer.Later) await(send());
    assertEquals(Duration.ofSeconds(7), later.after());
    assertFalse(later.mayHaveArrived());
    assertEquals("503 Service Unavailable: busy", later.response().reason());
  }

  @Test
  void behindAGatewayThePushMayHaveArrived() throws Exception {
    open();
    script = request -> request.response().setStatusCode(504).end();
    assertTrue(((Answer.Later) await(send())).mayHaveArrived());
  }

  @Test
  void callersGetTheJsonOfTheAnswer() throws Exception {
    open();
    script = request -> request.response().setStatusCode(400).end("{\"why\": \"no such door\"}");
    Answer answer = await(send());
    assertEquals("{\"why\":\"no such door\"}", answer.response().body());
    assertEquals("400 Bad Request: {\"why\": \"no such door\"}", answer.response().reason());
  }

  @Test
  void aHugeAnswerIsCut() throws Exception {
    open();
    script = request -> request.response().setStatusCode(400).end("x".repeat(100_000));
    Answer answer = await(send());
    assertEquals("{}", answer.response().body());
    assertEquals(201, answer.response().reason().length());
  }

  @Test
  void withoutAnAnswerInTimeThePushMayHaveBeenSeen() throws Exception {
    open();
    script = request -> {};
    Future<Answer> sent = send();
    assertNotNull(requests.poll(20, TimeUnit.SECONDS));
    time.advance(Duration.ofSeconds(10));
    Throwable cause = failure(sent);
    assertEquals("no answer within 10000 ms", cause.getMessage());
    assertEquals(16, service.window());
  }

  @Test
  void whenTheConnectionBreaksThePushMayHaveBeenSeen() throws Exception {
    open();
    script = request -> request.connection().close();
    Throwable cause = failure(send());
    assertFalse(cause instanceof NotSentException, cause::toString);
  }

  @Test
  void whileNobodyCanBeReachedPushesWait() throws Exception {
    open();
    int port = server.actualPort();
    await(server.close());
    Throwable cause = failure(send());
    assertInstanceOf(NotSentException.class, cause);
    assertEquals(State.CONNECTING, changes.take());
    assertEquals(0, service.window());
    assertTrue(
        service.condition().reason().startsWith("localhost cannot be reached: "),
        service.condition()::reason);

    server =
        vertx.createHttpServer(
            new HttpServerOptions().setSsl(true).setKeyCertOptions(tls.server()));
    server.requestHandler(script);
    await(server.listen(port, "localhost"));
    time.advance(Duration.ofSeconds(1));
    assertEquals(State.CONNECTED, changes.take());
    assertEquals(16, service.window());
    assertInstanceOf(Answer.Delivered.class, await(send()));
  }

  @Test
  void aPeerWithoutAGoodCertificateIsNotSpokenTo() throws Exception {
    settings.remove("ca_file");
    open();
    Throwable cause = failure(send());
    assertInstanceOf(NotSentException.class, cause);
    assertTrue(requests.isEmpty());
  }

  @Test
  void aServiceThatWasNeverOpenedIsClosed() throws Exception {
    service = create();
    assertEquals(null, await(onLoop(service::close)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "url | ftp://host/ | url: must be like https://host/path, without a user in it",
        "url | https://me:pw@host/ | url: must be like https://host/path, without a user in it",
        "url | : | url: must be like https://host/path, without a user in it",
        "ca_file | none.pem | ca_file: /none.pem: there is no such file, or it may not be read",
      })
  void whatIsWrongInItsSectionIsTold(String key, String value, String problem) {
    settings.put(key, value);
    assertEquals(
        List.of(problem),
        assertThrows(ConfigException.class, this::create).problems().stream()
            .map(one -> one.key() + ": " + one.message())
            .toList());
  }

  @Test
  void aSecretOverPlainHttpIsWarnedOf() throws Exception {
    settings.put("url", "http://localhost/");
    settings.put("bearer_token", "s3cret");
    service = create();
    assertEquals(1, warnings.size());
    assertFalse(warnings.toString().contains("s3cret"));
  }
}
