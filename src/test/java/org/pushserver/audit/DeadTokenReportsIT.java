// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
import org.pushserver.events.ApplicationListener;
import org.pushserver.events.ReportListener;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Response;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Problem;
import org.pushserver.spi.SamplePush;

/** Dead tokens told to a real HTTP server. */
@Timeout(60)
class DeadTokenReportsIT {
  private static final Duration TOGETHER = Duration.ofMillis(DeadTokenReports.TOGETHER_MS);

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final ManualTime time = new ManualTime(SamplePush.BORN);
  private final BlockingQueue<JsonObject> received = new LinkedBlockingQueue<>();
  private final LogTrail log = new LogTrail("org.pushserver.push");
  private volatile int status = 200;
  private HttpServer server;
  private ApplicationListener reports;

  @BeforeEach
  void open() throws Exception {
    server =
        await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request ->
                        request
                            .body()
                            .onSuccess(
                                body -> {
                                  received.add(body.toJsonObject());
                                  // It says what it was told.
                                  request.response().setStatusCode(status).end(body);
                                }))
                .listen(0, "127.0.0.1"));
    List<Problem> warnings = new ArrayList<>();
    reports =
        OwnerReports.of(
            config(Map.of("dead_token_url", "http://127.0.0.1:" + server.actualPort() + "/dead")),
            ReportListener.NONE,
            warnings::add);
    assertEquals(List.of(), warnings);
    assertFalse(reports.wantsRequests());
    here(() -> reports.open(vertx, time));
  }

  @AfterEach
  void close() {
    log.close();
    await(vertx.close());
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

  private void here(Runnable task) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        turn -> {
          task.run();
          done.complete();
        });
    await(done.future());
  }

  private void end(Result result, String... callIds) {
    here(
        () -> {
          for (String callId : callIds) {
            reports.ended(
                SamplePush.of(Event.INCOMING_SESSION).callId(callId).push(),
                new Outcome(result, new Response(410, "Unregistered", "", "{}"), 1),
                time.now());
          }
        });
  }

  private List<String> next() throws Exception {
    JsonObject report = received.poll(20, TimeUnit.SECONDS);
    assertNotNull(report, () -> "nothing came; " + log.lines());
    JsonArray dead = report.getJsonArray("dead");
    assertEquals("token-1234567890", dead.getJsonObject(0).getString("token"));
    return dead.stream().map(one -> ((JsonObject) one).getString("call-id")).toList();
  }

  @Test
  void thoseOfASecondAreToldTogether() throws Exception {
    end(Result.DELIVERED, "c0");
    end(Result.DEAD_TOKEN, "c1");
    end(Result.DEAD_TOKEN, "c2");
    await(time.advance(TOGETHER));
    assertEquals(List.of("c1", "c2"), next());
    end(Result.DEAD_TOKEN, "c3");
    await(time.advance(TOGETHER));
    assertEquals(List.of("c3"), next());
  }

  @Test
  void manyDoNotWaitForTheSecondToPass() throws Exception {
    String[] many = new String[DeadTokenReports.MOST_TOGETHER];
    for (int i = 0; i < many.length; i++) {
      many[i] = "c" + i;
    }
    end(Result.DEAD_TOKEN, many);
    assertEquals(List.of(many), next());
  }

  @Test
  void aReportThatIsNotTakenComesAgain() throws Exception {
    status = 503;
    end(Result.DEAD_TOKEN, "c1");
    Future<Long> pause = time.untilTimer(delay -> delay >= 800 && delay <= 1_200);
    await(time.advance(TOGETHER));
    assertEquals(List.of("c1"), next());
    await(pause);
    log.untilLogged("takes no reports");
    status = 200;
    await(time.advance(Duration.ofMillis(1_200)));
    assertEquals(List.of("c1"), next());
  }

  @Test
  void whatWaitsIsToldWhenTheApplicationEnds() throws Exception {
    end(Result.DEAD_TOKEN, "c1");
    Promise<Void> closed = Promise.promise();
    context.runOnContext(turn -> reports.close().onComplete(closed));
    assertEquals(List.of("c1"), next());
    await(closed.future());
  }

  @Test
  void noTokenIsLoggedNotEvenWhenTheAnswerRepeatsIt() throws Exception {
    end(Result.DEAD_TOKEN, "c1");
    await(time.advance(TOGETHER));
    assertEquals(List.of("c1"), next());
    log.untilLogged("collector call-id=c1");
    assertFalse(log.lines().toString().contains("token-1234567890"), log.lines()::toString);
  }

  @Test
  void withoutAUrlNobodyIsTold() {
    List<Problem> warnings = new ArrayList<>();
    assertSame(
        ApplicationListener.NONE,
        OwnerReports.of(config(Map.of()), ReportListener.NONE, warnings::add));
    assertSame(
        ApplicationListener.NONE,
        OwnerReports.of(
            config(Map.of("dead_token_url", "ftp://x")), ReportListener.NONE, warnings::add));
    assertEquals(1, warnings.size());
    assertEquals("dead_token_url", warnings.get(0).key());
  }
}
