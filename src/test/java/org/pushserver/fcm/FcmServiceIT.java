// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.failure;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.dispatch.VertxTime;
import org.pushserver.fake.FakeFcm;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.TestAccount;
import org.pushserver.fake.TestTls;
import org.pushserver.push.Answer;
import org.pushserver.push.Answer.Fault;
import org.pushserver.spi.NotSentException;

/** One application against a Firebase that speaks HTTP/2 over TLS, as the real one does. */
class FcmServiceIT {
  private static final String UNREGISTERED =
      "{\"error\":{\"code\":404,\"status\":\"NOT_FOUND\","
          + "\"message\":\"Requested entity was not found.\",\"details\":[{\"@type\":"
          + "\"type.googleapis.com/google.firebase.fcm.v1.FcmError\","
          + "\"errorCode\":\"UNREGISTERED\"}]}}";

  @TempDir private static Path folder;
  private static final TestTls tls = TestTls.shared();
  private static final TestAccount account = TestAccount.shared();

  @RegisterExtension private final FcmServices services = new FcmServices();
  private final Vertx vertx = services.vertx;
  private final FakeFcm fcm = services.fcm;

  private String url() {
    return "https://localhost:" + fcm.port();
  }

  private Map<String, String> settings() throws Exception {
    Path file = account.write(folder.resolve("account.json"), url() + FakeFcm.TOKEN_PATH);
    return new HashMap<>(
        Map.of(
            FcmSettings.AUTHORIZATION_FILE, file.toString(),
            FcmSettings.PUSH_URL, url(),
            FcmSettings.CA_FILE, tls.ca().toString()));
  }

  private FcmFixture service(Map<String, String> settings) throws Exception {
    return services.add(
        new FcmProvider().create(FcmFixture.config(folder, settings), warning -> {}),
        new VertxTime(vertx));
  }

  /** A service with an account, ready for pushes. */
  private FcmFixture ready() throws Exception {
    await(fcm.start(tls));
    FcmFixture service = service(settings());
    service.ready();
    return service;
  }

  @Test
  void aPushIsPostedOverHttp2WithTheToken() throws Exception {
    Answer answer = await(ready().send());
    assertInstanceOf(Answer.Delivered.class, answer);
    assertEquals("OK", answer.response().reason());
    assertEquals(url() + "/v1/projects/test-project/messages:send", answer.response().url());
    FakeFcm.Request request = fcm.pushes().get(0);
    assertEquals(HttpVersion.HTTP_2, request.version());
    assertEquals("/v1/projects/test-project/messages:send", request.path());
    assertEquals("Bearer token-1", request.authorization());
    assertEquals("application/json", request.headers().get("content-type"));
    assertEquals(FcmFixture.MESSAGE, request.body());
  }

  @Test
  void anAnswerThatRepeatsOurTokenIsHiddenFromLogsAndCallers() throws Exception {
    FcmFixture service = ready();
    String echo = "{\"error\":{\"code\":400,\"message\":\"bad header: Bearer token-1\"}}";
    fcm.nextPush(new FakeFcm.Reply(400, Map.of("x-echo", "Bearer token-1"), echo));
    try (LogTrail log = new LogTrail("org.pushserver.push")) {
      Answer answer = await(service.send());
      assertEquals("Bad Request bad header: Bearer (hidden)", answer.response().reason());
      assertFalse(answer.response().body().contains("token-1"), answer.response().body());
      assertTrue(log.lines().toString().contains("x-echo"), log.lines().toString());
      assertFalse(log.lines().toString().contains("token-1"), log.lines().toString());
    }
  }

  @Test
  void theTokenIsThereBeforeTheFirstPushAndForAllThatFollow() throws Exception {
    FcmFixture service = ready();
    assertEquals(1, fcm.tokenRequests().size());
    List<Future<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      answers.add(service.send());
    }
    await(Future.all(answers));
    assertEquals(50, fcm.pushes().size());
    assertEquals(1, fcm.tokenRequests().size());
  }

  @Test
  void aPushOfWhichNoRequestCanBeMadeIsRefusedAtOnce() throws Exception {
    Answer answer = await(ready().send(Map.of("x-note", "a\r\nb")));
    assertEquals(Fault.SERVER, assertInstanceOf(Answer.Refused.class, answer).fault());
    assertEquals(500, answer.response().code());
    assertEquals(0, fcm.pushes().size());
  }

  @Test
  void anUnregisteredTokenIs410() throws Exception {
    FcmFixture service = ready();
    fcm.nextPush(new FakeFcm.Reply(404, UNREGISTERED));
    Answer answer = await(service.send());
    assertInstanceOf(Answer.DeadToken.class, answer);
    assertEquals(410, answer.response().code());
    assertEquals("Not Found Requested entity was not found.", answer.response().reason());
  }

  @Test
  void aRefusedAccessTokenIsReplacedAndThePushSentAgain() throws Exception {
    FcmFixture service = ready();
    fcm.nextPush(FakeFcm.unauthenticated());
    assertInstanceOf(Answer.Delivered.class, await(service.send()));
    assertEquals(2, fcm.tokenRequests().size());
    assertEquals(
        List.of("Bearer token-1", "Bearer token-2"),
        fcm.pushes().stream().map(FakeFcm.Request::authorization).toList());
  }

  @Test
  void manyPushesWithARefusedTokenLeadToOneReplacement() throws Exception {
    FcmFixture service = ready();
    for (int i = 0; i < 20; i++) {
      fcm.nextPush(FakeFcm.unauthenticated());
    }
    for (Answer answer : service.sendAll(20)) {
      assertInstanceOf(Answer.Delivered.class, answer);
    }
    assertEquals(40, fcm.pushes().size());
    assertEquals(2, fcm.tokenRequests().size());
  }

  @Test
  void refusedWithANewTokenIsRefusedAndAfterThreeTheNextPushIsNotSent() throws Exception {
    FcmFixture service = ready();
    for (int i = 0; i < 4; i++) {
      fcm.nextPush(FakeFcm.unauthenticated());
    }
    for (int i = 0; i < 4; i++) {
      Answer.Refused refused = assertInstanceOf(Answer.Refused.class, await(service.send()));
      assertEquals(Fault.APPLICATION, refused.fault());
      assertEquals(401, refused.response().code());
    }
    assertEquals(4, fcm.pushes().size(), "the first push twice, two others once");
    assertEquals(2, fcm.tokenRequests().size());
  }

  @Test
  void aPushIsNotSentAgainAfterItsDeadline() throws Exception {
    FcmFixture service = ready();
    Promise<FakeFcm.Reply> token = Promise.promise();
    fcm.nextToken(token.future());
    fcm.nextPush(FakeFcm.unauthenticated());
    Future<Answer> answer = service.send(service.push(Duration.ofSeconds(1)));
    vertx.setTimer(1200, id -> token.complete(FakeFcm.token("late", 3600)));
    assertInstanceOf(NotSentException.class, failure(answer));
    assertEquals(1, fcm.pushes().size());
  }

  @Test
  void a503SaysHowLongToWait() throws Exception {
    FcmFixture service = ready();
    fcm.nextPush(new FakeFcm.Reply(503, Map.of("retry-after", "17"), "busy"));
    Answer.Later later = assertInstanceOf(Answer.Later.class, await(service.send()));
    assertEquals(Duration.ofSeconds(17), later.after());
    assertEquals(503, later.response().code());
  }

  @Test
  void aConnectionThatBreaksIsNoAnswer() throws Exception {
    FcmFixture service = ready();
    fcm.nextPush(Future.failedFuture("break"));
    assertFalse(failure(service.send()) instanceof NotSentException);
    await(service.windowIs(window -> window > 0));
    assertInstanceOf(Answer.Delivered.class, await(service.send()));
  }

  @Test
  void aGatewayWithoutHttp2IsUsedOverHttp1() throws Exception {
    await(fcm.startHttp1(tls));
    FcmFixture service = service(settings());
    service.ready();
    assertInstanceOf(Answer.Delivered.class, await(service.send()));
    assertEquals(HttpVersion.HTTP_1_1, fcm.pushes().get(0).version());
  }

  @Test
  void aServerKeySendsTheLegacyRequest() throws Exception {
    await(fcm.start(tls));
    FcmFixture service =
        service(
            Map.of(
                FcmSettings.AUTHORIZATION_KEY, "AAAA:key",
                FcmSettings.PUSH_URL, url(),
                FcmSettings.CA_FILE, tls.ca().toString()));
    service.ready();
    assertInstanceOf(Answer.Delivered.class, await(service.send()));
    FakeFcm.Request request = fcm.pushes().get(0);
    assertEquals("/fcm/send", request.path());
    assertEquals("key=AAAA:key", request.authorization());
    JsonObject body = new JsonObject(request.body());
    assertEquals("device", body.getString("to"));
    assertEquals("high", body.getString("priority"));
    assertEquals(new JsonObject().put("event", "ring"), body.getJsonObject("data"));
    assertTrue(body.getInteger("time_to_live") <= 64);
    fcm.nextPush(new FakeFcm.Reply(200, "{\"results\":[{\"error\":\"NotRegistered\"}]}"));
    assertInstanceOf(Answer.DeadToken.class, await(service.send()));
    fcm.nextPush(FakeFcm.unauthenticated());
    assertInstanceOf(Answer.Refused.class, await(service.send()));
    assertEquals(List.of(), fcm.tokenRequests());
  }

  @Test
  void onLoopbackPlainHttpIsGoodEnough() throws Exception {
    await(fcm.startPlain());
    String url = "http://127.0.0.1:" + fcm.port();
    Path file = account.write(folder.resolve("plain.json"), url + FakeFcm.TOKEN_PATH);
    FcmFixture service =
        service(
            Map.of(
                FcmSettings.AUTHORIZATION_FILE,
                file.toString(),
                FcmSettings.PUSH_URL,
                url + "/v1/projects/mock/messages:send"));
    service.ready();
    Answer answer = await(service.send());
    assertInstanceOf(Answer.Delivered.class, answer);
    assertEquals(url + "/v1/projects/mock/messages:send", answer.response().url());
  }

  @Test
  void aPeerThatIsNotTrustedGetsNothing() throws Exception {
    await(fcm.start(tls));
    Map<String, String> settings = settings();
    settings.remove(FcmSettings.CA_FILE);
    FcmFixture service = service(settings);
    service.open();
    assertInstanceOf(NotSentException.class, failure(service.send()));
    assertEquals(0, service.window());
    assertEquals(List.of(), fcm.tokenRequests());
    assertEquals(List.of(), fcm.pushes());
    service.close();
  }

  @Test
  void aClosedServiceTakesNothing() throws Exception {
    FcmFixture service = ready();
    service.close();
    assertEquals(0, service.window());
    assertInstanceOf(NotSentException.class, failure(service.send()));
  }

  @Test
  void aServiceThatWasNeverOpenedCanBeClosed() throws Exception {
    await(fcm.start(tls));
    service(settings()).close();
    assertEquals(List.of(), fcm.tokenRequests());
  }
}
