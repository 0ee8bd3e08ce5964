// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.until;

import ch.qos.logback.classic.Level;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
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
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.events.ApplicationListener;
import org.pushserver.events.ReportListener;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.TestTls;
import org.pushserver.log.DroppedLines;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Response;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Problem;
import org.pushserver.spi.SamplePush;

/** Reports to real HTTP servers that take them, refuse them, or never answer. */
@Timeout(60)
class RemoteLogIT {
  private record Received(String uri, Map<String, String> headers, Buffer body) {
    String callId() {
      return body.toJsonObject().getJsonObject("response").getString("description");
    }
  }

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final ManualTime time = new ManualTime(SamplePush.BORN);
  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private final LogTrail log = new LogTrail("org.pushserver.push");
  private volatile Handler<HttpServerRequest> script = request -> request.response().end("{}");
  private HttpServer server;
  private ApplicationListener applicationListener = ApplicationListener.NONE;

  @BeforeEach
  void listen() throws Exception {
    server = await(serve(new HttpServerOptions()));
  }

  private Future<HttpServer> serve(HttpServerOptions options) {
    return vertx.createHttpServer(options).requestHandler(this::take).listen(0, "127.0.0.1");
  }

  private void take(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              Map<String, String> headers = new HashMap<>();
              request.headers().forEach(headers::put);
              received.add(new Received(request.uri(), headers, body));
              script.handle(request);
            });
  }

  @AfterEach
  void close() throws Exception {
    log.close();
    await(vertx.close());
  }

  private void open(String... settings) throws Exception {
    open(server, settings);
  }

  private void open(HttpServer to, String... settings) throws Exception {
    Map<String, String> all = new HashMap<>();
    all.put("log_remote_urls", "http://127.0.0.1:" + to.actualPort() + "/log?of=phone");
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    List<Problem> warnings = new ArrayList<>();
    applicationListener = RemoteLog.of(config(all), ReportListener.NONE, warnings::add);
    assertEquals(List.of(), warnings);
    assertTrue(applicationListener.wantsRequests());
    here(() -> applicationListener.open(vertx, time));
  }

  private AppConfig config(Map<String, String> settings) {
    return new AppConfig(
        "applications.ini",
        "phone",
        new AppKey("com.example.phone", AppKey.APPLE),
        "sylk",
        settings,
        folder,
        Delivery.DEFAULT);
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

  /** The call-id comes back in the description. */
  private void end(String callId) throws Exception {
    here(() -> ended(callId));
  }

  private void ended(String callId) {
    Response response = new Response(200, callId, "https://push.example.com/3", "{}");
    applicationListener.ended(
        SamplePush.of(Event.CANCEL).callId(callId).push(),
        new Outcome(Result.DELIVERED, response, 1),
        time.now());
  }

  @CanIgnoreReturnValue
  private Received next() throws Exception {
    Received next = received.poll(20, TimeUnit.SECONDS);
    assertNotNull(next, () -> "nothing came; " + log.lines());
    return next;
  }

  @Test
  void aReportIsPostedOnceAndItsAnswerLoggedWithoutTheQueryOfTheUrl() throws Exception {
    open();
    end("c1");
    Received report = next();
    assertEquals("/log?of=phone", report.uri());
    assertEquals("application/json", report.headers().get("content-type"));
    assertFalse(report.headers().containsKey("x-pushserver-signature"));
    assertEquals("c1", report.callId());
    assertEquals(
        "collector call-id=c1 app=com.example.phone platform=apple url=http://127.0.0.1:"
            + server.actualPort()
            + "/log status=200 answer={}",
        untilLogged("collector call-id=c1"));
    assertEquals(0, received.size());
  }

  @Test
  void whatTheAnswerHasUnderTheKeyIsLogged() throws Exception {
    script = request -> request.response().end("{\"id\": \"r-17\", \"more\": 1}");
    open("log_remote_key", "id");
    end("c1");
    assertTrue(untilLogged("collector call-id=c1").endsWith(" status=200 answer=r-17"));
    script = request -> request.response().end("no JSON");
    end("c2");
    assertTrue(untilLogged("collector call-id=c2").endsWith(" status=200"));
  }

  @Test
  void aSecretSignsTheBytesOfTheReport() throws Exception {
    open("log_remote_secret", "s3cret");
    end("c1");
    Received report = next();
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec("s3cret".getBytes(UTF_8), "HmacSHA256"));
    assertEquals(
        "sha256=" + HexFormat.of().formatHex(mac.doFinal(report.body().getBytes())),
        report.headers().get("x-pushserver-signature"));
    untilLogged("collector call-id=c1");
    assertFalse(log.lines().toString().contains("s3cret"));
  }

  @Test
  void aReportThatIsNotTakenComesAgainAfterAPauseAndOthersWait() throws Exception {
    script = request -> request.response().setStatusCode(503).end();
    open();
    Future<Long> pause = time.untilTimer(delay -> delay >= 800 && delay <= 1_200);
    end("c1");
    assertEquals("c1", next().callId());
    await(pause);
    end("c2");
    script = request -> request.response().end("{}");
    assertEquals(0, received.size());
    await(time.advance(Duration.ofMillis(1_200)));
    assertEquals("c1", next().callId());
    assertEquals("c2", next().callId());
    untilLogged("takes reports again");
    assertEquals(1, log.lines(Level.WARN).size(), "one warning for an outage");
  }

  @Test
  void aRefusedReportIsNotSentAgainAndARedirectNotFollowed() throws Exception {
    long before = DroppedLines.of("collectors").sum();
    script = request -> request.response().setStatusCode(404).end();
    open();
    end("c1");
    untilLogged("refuses reports: it answers 404");
    script =
        request -> request.response().setStatusCode(307).putHeader("location", "/elsewhere").end();
    end("c2");
    untilDropped(before + 2);
    script = request -> request.response().end("{}");
    end("c3");
    untilLogged("2 reports to collector");
    assertEquals(
        List.of("c1", "c2", "c3"), List.of(next().callId(), next().callId(), next().callId()));
    assertEquals(0, received.size());
  }

  /** Waits for a line of the log, and for the turn of the event loop that wrote it. */
  @CanIgnoreReturnValue
  private String untilLogged(String part) throws Exception {
    String line = log.untilLogged(part);
    here(() -> {});
    return line;
  }

  private void untilDropped(long count) throws Exception {
    until(
        () -> {
          here(() -> {});
          return DroppedLines.of("collectors").sum() >= count;
        },
        () -> log.lines().toString());
  }

  @Test
  void aCollectorThatHangsCostsNoMoreThanItsBufferAndGetsTheLatestWhenItIsBack() throws Exception {
    List<HttpServerRequest> hanging = new ArrayList<>();
    script = hanging::add;
    open("log_remote_timeout", "2");
    here(
        () -> {
          for (int i = 0; i < 5_000; i++) {
            ended("c" + i);
          }
        });
    // Each has a connection of its own: they may overtake one another.
    Set<String> first = new HashSet<>();
    Set<String> expected = new HashSet<>();
    for (int i = 0; i < Collector.IN_FLIGHT; i++) {
      expected.add("c" + i);
      first.add(next().callId());
    }
    assertEquals(expected, first);
    assertEquals(0, received.size(), "no more at a time");
    Future<Long> pause = time.untilTimer(delay -> delay >= 800 && delay <= 1_200);
    await(time.advance(Duration.ofSeconds(2)));
    await(pause);
    untilLogged("no answer within 2000 ms; they wait");
    script = request -> request.response().end("{}");
    await(time.advance(Duration.ofMillis(1_200)));
    String last = next().callId();
    while (!last.equals("c4999")) {
      last = next().callId();
    }
    String told = untilLogged("were dropped");
    assertTrue(told.contains("[phone] 3992 reports to collector"), told);
  }

  @Test
  void anAnswerThatCannotBeReadIsToldByUsAndByNoLibrary() throws Exception {
    script = request -> request.response().putHeader("x", "y".repeat(20_000)).end("{}");
    try (LogTrail library = new LogTrail("io.vertx")) {
      open();
      end("c1");
      untilLogged("takes no reports: ");
      assertEquals(
          List.of(),
          library.lines(Level.ERROR).stream().filter(line -> line.contains("header")).toList());
    }
  }

  @Test
  void anAnswerWithoutEndIsCutOffByTheTimeOut() throws Exception {
    script =
        request -> {
          request.response().setChunked(true);
          // No more than is read of any answer: a longer one ends there.
          request.response().write("x".repeat(1_000));
        };
    open("log_remote_timeout", "2");
    end("c1");
    next();
    await(time.advance(Duration.ofSeconds(2)));
    // Of an answer, or of its end: as far as the first bytes had come.
    untilLogged(" within 2000 ms");
  }

  @Test
  void onlyCollectorsWithACertificateOfATrustedAuthorityAreTold() throws Exception {
    TestTls tls = TestTls.create(folder);
    HttpServer secure =
        await(serve(new HttpServerOptions().setSsl(true).setKeyCertOptions(tls.server())));
    String url = "https://127.0.0.1:" + secure.actualPort() + "/log";
    open("log_remote_urls", url);
    end("c1");
    untilLogged("takes no reports: ");
    assertEquals(0, received.size());
    open("log_remote_urls", url, "log_remote_ca_file", "ca.pem");
    end("c2");
    assertEquals("c2", next().callId());
  }

  @Test
  void closingSendsWhatWaitsButNotForLong() throws Exception {
    open();
    end("c1");
    await(closing());
    assertEquals("c1", next().callId());

    script = request -> {};
    open();
    end("c2");
    next();
    Future<Long> limit = time.untilTimer(delay -> delay == 2_000);
    Future<Void> closed = closing();
    await(limit);
    assertFalse(closed.isComplete());
    await(time.advance(Duration.ofSeconds(2)));
    await(closed);
  }

  private Future<Void> closing() {
    Promise<Void> closed = Promise.promise();
    context.runOnContext(turn -> applicationListener.close().onComplete(closed));
    return closed.future();
  }

  @Test
  void everyUrlIsTold() throws Exception {
    String url = "http://user:pass@127.0.0.1:" + server.actualPort();
    open("log_remote_urls", url + "/a, " + url + "/b");
    end("c1");
    Received one = next();
    Received other = next();
    assertEquals(List.of("/a", "/b"), List.of(one.uri(), other.uri()).stream().sorted().toList());
    assertEquals("Basic dXNlcjpwYXNz", one.headers().get("authorization"));
    untilLogged("/b status=200");
    assertFalse(log.lines().toString().contains("pass"));
  }

  @Test
  void aUrlThatIsNoneAndAFileThatIsMissingAreLeftOutWithAWarning() {
    List<Problem> warnings = new ArrayList<>();
    ApplicationListener none =
        RemoteLog.of(
            config(Map.of("log_remote_urls", "ftp://x/, nowhere", "log_remote_ca_file", "no.pem")),
            ReportListener.NONE,
            warnings::add);
    assertSame(ApplicationListener.NONE, none);
    assertEquals(3, warnings.size());
    assertTrue(warnings.get(2).toString().contains("no.pem does not exist"));
    assertFalse(warnings.toString().contains("ftp"), "it may hold a password");
    assertSame(
        ApplicationListener.NONE,
        RemoteLog.of(config(Map.of()), ReportListener.NONE, warnings::add));
  }
}
