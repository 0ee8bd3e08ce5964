// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.until;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.RunningServer;
import org.pushserver.events.ApplicationListener;
import org.pushserver.events.ReportEnd;
import org.pushserver.events.ReportListener;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.Programs;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.sandbox.Sandbox;
import org.pushserver.sandbox.SandboxOptions;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Problem;
import org.pushserver.spi.SamplePush;

/** Results posted to a real HTTP server of an application's owner. */
@Timeout(120)
class ResultWebhookIT {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String OTHER = "fedcba9876543210fedcba9876543210";
  private static final Path PAGE = Path.of("src/docs/webhooks.md");

  private record Received(Map<String, String> headers, Buffer bytes) {
    JsonObject body() {
      return new JsonObject(bytes);
    }

    String signature() {
      return headers.get("pushserver-signature");
    }
  }

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final ManualTime time = new ManualTime(System.currentTimeMillis());
  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private final List<ReportEnd> reports = new CopyOnWriteArrayList<>();
  private final LogTrail log = new LogTrail("org.pushserver.push");
  private volatile Handler<HttpServerRequest> script = request -> request.response().end();
  private HttpServer owner;
  private ApplicationListener webhook = ApplicationListener.NONE;

  @BeforeEach
  void listen() throws Exception {
    owner = await(vertx.createHttpServer().requestHandler(this::take).listen(0, "127.0.0.1"));
  }

  private void take(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              Map<String, String> headers = new HashMap<>();
              request
                  .headers()
                  .forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
              received.add(new Received(headers, body));
              script.handle(request);
            });
  }

  @AfterEach
  void close() throws Exception {
    log.close();
    await(vertx.close());
  }

  private String url() {
    return "http://127.0.0.1:" + owner.actualPort() + "/results?of=phone";
  }

  private AppConfig config(String... settings) {
    Map<String, String> all = new HashMap<>(Map.of("results_url", url()));
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    return new AppConfig(
        "applications.ini",
        "phone",
        new AppKey("com.example.phone", AppKey.APPLE),
        "sylk",
        all,
        folder,
        Delivery.DEFAULT);
  }

  private void open(String... settings) throws Exception {
    List<Problem> warnings = new ArrayList<>();
    webhook = OwnerReports.of(config(settings), reports::add, warnings::add);
    assertEquals(List.of(), warnings);
    assertFalse(webhook.wantsRequests());
    here(() -> webhook.open(vertx, time));
  }

  private void here(Runnable task) throws Exception {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        turn -> {
          task.run();
          done.complete();
        });
    await(done.future());
  }

  private void end(String callId, Result result, int code, String reason) throws Exception {
    Push push =
        SamplePush.of(Event.INCOMING_SESSION).callId(callId).bornAt(time.now() - 100).push();
    Response response = new Response(code, reason, "https://api.push.apple.com/3", "{}");
    here(() -> webhook.listener().ended(push, new Outcome(result, response, 1), time.now()));
  }

  private void delivered(String callId) throws Exception {
    end(callId, Result.DELIVERED, 200, "");
  }

  @CanIgnoreReturnValue
  private Received next() throws Exception {
    Received next = received.poll(20, TimeUnit.SECONDS);
    assertNotNull(next, () -> "nothing came; " + log.lines());
    return next;
  }

  private static String signed(String secret, String at, byte[] body) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
    mac.update((at + ".").getBytes(UTF_8));
    return HexFormat.of().formatHex(mac.doFinal(body));
  }

  private void untilReported(ReportEnd.Result result, int count) throws Exception {
    until(
        () -> reports.stream().filter(one -> one.result() == result).count() == count,
        reports::toString);
  }

  @Test
  void aResultIsWhatTheTrailKnowsWithItsCauseAndBearsTheIdOfItsPush() throws Exception {
    open();
    end("c1", Result.REFUSED, 403, "InvalidProviderToken");
    Received result = next();
    JsonObject body = result.body();
    assertEquals("refused", body.getString("outcome"));
    assertEquals("c1", body.getString("call-id"));
    assertEquals("com.example.phone", body.getString("app-id"));
    assertEquals("bob@example.com", body.getString("account"));
    assertEquals("token-12...", body.getString("token"));
    assertEquals("apple-key-refused", body.getJsonObject("cause").getString("id"));
    assertTrue(body.getJsonObject("cause").getString("sentence").startsWith("Apple refuses"));
    assertTrue(body.getJsonObject("cause").getString("link").contains("troubleshooting.md#"));
    assertEquals("ended", last(body.getJsonArray("steps"), "ended"));
    assertEquals(body.getString("id"), result.headers().get("idempotency-key"));
    assertEquals("application/json", result.headers().get("content-type"));
    assertEquals(null, result.signature());
    assertFalse(body.toString().contains("token-1234567890"), "the whole token");
    untilReported(ReportEnd.Result.DELIVERED, 1);
    ReportEnd report = reports.get(0);
    assertEquals(ReportEnd.Kind.WEBHOOK, report.kind());
    assertEquals(body.getString("id"), report.push().toString());
    assertFalse(report.url().contains("?"), report.url());
    log.untilLogged("webhook call-id=c1 app=com.example.phone platform=apple url=http://");
  }

  /** The last step of this kind. */
  private static String last(JsonArray steps, String what) {
    return steps.stream()
        .map(step -> ((JsonObject) step).getString("what"))
        .filter(what::equals)
        .reduce("none", (one, other) -> other);
  }

  @Test
  void theSentenceTellsHowOthersFared() throws Exception {
    open();
    for (int i = 0; i < 7; i++) {
      end("c" + i, Result.DEAD_TOKEN, 410, "Unregistered - the app is gone");
    }
    Map<String, JsonObject> causes = new HashMap<>();
    for (int i = 0; i < 7; i++) {
      JsonObject body = next().body();
      causes.put(body.getString("call-id"), body.getJsonObject("cause"));
    }
    assertNotEquals("apple-gone-many", causes.get("c0").getString("id"));
    assertEquals("apple-gone-many", causes.get("c6").getString("id"));
    assertTrue(causes.get("c6").getString("sentence").contains("6 of the last 6"));
  }

  @Test
  void eachTryIsSignedWithItsOwnTimeAndBearsTheSameId() throws Exception {
    script = request -> request.response().setStatusCode(503).end();
    open("results_secret", SECRET + ", " + OTHER);
    var pause = time.untilTimer(delay -> delay >= 800 && delay <= 1_200);
    delivered("c1");
    Received first = next();
    String at = Long.toString(time.now() / 1_000);
    assertEquals(
        "t=%s,v1=%s,v1=%s"
            .formatted(
                at,
                signed(SECRET, at, first.bytes().getBytes()),
                signed(OTHER, at, first.bytes().getBytes())),
        first.signature());
    await(pause);
    script = request -> request.response().end();
    await(time.advance(Duration.ofMillis(1_200)));
    Received second = next();
    assertNotEquals(first.signature(), second.signature());
    assertEquals(first.headers().get("idempotency-key"), second.headers().get("idempotency-key"));
    assertEquals(first.body(), second.body());
    log.untilLogged("webhook http://127.0.0.1:" + owner.actualPort() + "/results takes reports");
    untilReported(ReportEnd.Result.DELIVERED, 1);
    assertEquals(
        List.of(ReportEnd.Result.FAILED, ReportEnd.Result.DELIVERED),
        reports.stream().map(ReportEnd::result).toList());
    assertEquals(503, reports.get(0).status());
    assertFalse((log.lines() + "" + reports).contains("0123456789abcdef"), "the secret");
  }

  @Test
  void aResultThatIsRefusedIsGivenUpAndCounted() throws Exception {
    script = request -> request.response().setStatusCode(404).end();
    open();
    delivered("c1");
    untilReported(ReportEnd.Result.DROPPED, 1);
    assertEquals(404, reports.get(0).status());
    assertEquals("it answers 404", reports.get(0).why());
    assertEquals(1, received.size());
    log.untilLogged("[phone] webhook http://127.0.0.1:");
  }

  @Test
  void aResultThatHasWaitedForADayIsGivenUp() throws Exception {
    script = request -> request.response().setStatusCode(500).end();
    open();
    var pause = time.untilTimer(delay -> delay >= 800 && delay <= 1_200);
    delivered("old");
    await(pause);
    next();
    script = request -> request.response().end();
    here(() -> time.setClock(Duration.ofDays(2)));
    delivered("second");
    await(time.advance(Duration.ofMillis(1_200)));
    assertEquals("old", next().body().getString("call-id"), "the clock does not count");
    assertEquals("second", next().body().getString("call-id"));
    untilReported(ReportEnd.Result.DELIVERED, 2);
    script = request -> {};
    delivered("hangs");
    next();
    var again = time.untilTimer(delay -> delay >= 800 && delay <= 1_200);
    await(time.advance(Duration.ofSeconds(5)));
    await(again);
    script = request -> request.response().end();
    await(time.advance(Duration.ofMillis(10)));
    Received unexpected = received.poll();
    assertEquals(null, unexpected);
    // On the event loop, so that the day is over before the pause, which is due first, ends.
    here(() -> time.advance(Collector.LONGEST_WAIT.plusSeconds(5)));
    untilReported(ReportEnd.Result.DROPPED, 1);
    ReportEnd dropped =
        reports.stream().filter(one -> one.result() == ReportEnd.Result.DROPPED).findAny().get();
    assertEquals("hangs", dropped.callId());
    assertEquals("it waited for a day", dropped.why());
  }

  @Test
  void aShortSecretIsAWarningThatDoesNotShowIt() {
    List<Problem> warnings = new ArrayList<>();
    assertNotEquals(
        ApplicationListener.NONE,
        OwnerReports.of(config("results_secret", "hush"), ReportListener.NONE, warnings::add));
    assertEquals(1, warnings.size());
    assertTrue(warnings.get(0).toString().contains("fewer than 16 characters"));
    assertFalse(warnings.toString().contains("hush"));
    warnings.clear();
    assertSame(
        ApplicationListener.NONE,
        OwnerReports.of(
            config("results_url", "", "results_secret", SECRET),
            ReportListener.NONE,
            warnings::add));
    assertTrue(warnings.get(0).toString().contains("it has no effect without results_url"));
  }

  /** The block of the page whose first line begins so. */
  private static String block(String first) throws Exception {
    List<String> lines = Files.readAllLines(PAGE);
    int from = 0;
    while (!lines.get(from).strip().startsWith(first)) {
      from++;
    }
    int to = from;
    while (!lines.get(to).startsWith("```")) {
      to++;
    }
    return String.join("\n", lines.subList(from, to)) + "\n";
  }

  private int verify(List<String> command, String header, byte[] body, String secret)
      throws Exception {
    List<String> all = new ArrayList<>(command);
    all.add(header);
    ProcessBuilder builder =
        new ProcessBuilder(all)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("verifier.log").toFile())
            .redirectInput(Files.write(folder.resolve("body"), body).toFile());
    builder.environment().put("SECRET", secret);
    Process process = builder.start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return process.exitValue();
  }

  @Test
  void theSamplesOfThePageTellWhatIsOursFromWhatIsNot() throws Exception {
    open("results_secret", SECRET + " " + OTHER);
    delivered("c1");
    Received result = next();
    Map<String, List<String>> samples =
        Map.of(
            "openssl", List.of("sh", "# verify.sh"), "python3", List.of("python3", "# verify.py"));
    for (Map.Entry<String, List<String>> sample : samples.entrySet()) {
      if (!Programs.areHere(sample.getKey())) {
        System.out.println("Not tried: the sample that needs " + sample.getKey());
        continue;
      }
      Path file = folder.resolve("verify");
      Files.writeString(file, block(sample.getValue().get(1)));
      List<String> command = List.of(sample.getValue().get(0), file.toString());
      byte[] body = result.bytes().getBytes();
      byte[] other = body.clone();
      other[other.length / 2] ^= 1;
      String told = sample.getKey();
      assertEquals(0, verify(command, result.signature(), body, SECRET), told);
      assertEquals(0, verify(command, result.signature(), body, OTHER), told);
      assertNotEquals(0, verify(command, result.signature(), body, "another"), told);
      assertNotEquals(0, verify(command, result.signature(), other, SECRET), told);
      String at = Long.toString(time.now() / 1_000 - 301);
      String old = "t=" + at + ",v1=" + signed(SECRET, at, body);
      assertNotEquals(0, verify(command, old, body, SECRET), told + ": older than 5 minutes");
      assertNotEquals(0, verify(command, "", body, SECRET), told + ": not signed");
    }
  }

  @Test
  void aServerTellsOfACallFromItsRequestToItsEnd() throws Exception {
    Sandbox sandbox = await(Sandbox.start(vertx, SandboxOptions.in(folder)));
    Path directory = sandbox.configDirectory();
    Files.writeString(directory.resolve("general.ini"), "[server]\nport = 0\n");
    Path applications = directory.resolve("applications.ini");
    Files.writeString(
        applications,
        "[DEFAULT]\nresults_url = "
            + url()
            + "\nresults_secret = "
            + SECRET
            + "\n\n"
            + Files.readString(applications));
    RunningServer server = await(RunningServer.start(vertx, directory));
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/push"))
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            """
                            {"app-id": "com.example.phone", "platform": "firebase",
                             "token": "token-1234567890", "event": "incoming_session",
                             "call-id": "c1", "media-type": "audio",
                             "from": "sip:alice@example.com", "to": "sip:bob@example.com"}
                            """))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertEquals(200, answer.statusCode(), answer::body);
    JsonObject body = next().body();
    assertEquals("delivered", body.getString("outcome"));
    JsonArray steps = body.getJsonArray("steps");
    assertEquals("accepted", steps.getJsonObject(0).getString("what"));
    assertEquals("attempt", last(steps, "attempt"));
    assertEquals("ended", last(steps, "ended"));
    until(
        () ->
            metrics(server.port())
                .contains(
                    "pushserver_reports_total{application=\"com.example.phone\","
                        + "platform=\"firebase\",result=\"delivered\",to=\"webhook\"} 1.0"),
        () -> metrics(server.port()));
    await(server.stop());
  }

  private static String metrics(int port) {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (Exception e) {
      return e.toString();
    }
  }
}
