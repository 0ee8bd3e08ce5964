// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import ch.qos.logback.classic.Level;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.FakeFcm;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.TestAccount;
import org.pushserver.fake.TestTls;
import org.pushserver.push.Answer;
import org.pushserver.spi.Condition.State;

/**
 * What an application does when Firebase does not like its credentials: how much of it reaches
 * Firebase is counted there.
 */
class FcmCredentialsIT {
  /** Longer than the first delay, shorter than two. */
  private static final Duration FIRST_TRY = Duration.ofMillis(1250);

  @TempDir private static Path folder;
  private static final TestTls tls = TestTls.shared();
  private static final TestAccount account = TestAccount.shared();

  private final ManualTime time = new ManualTime();

  /** Outlives the services: registered before them, closed after them. */
  @Order(1)
  @RegisterExtension
  private final LogTrail log = new LogTrail("org.pushserver");

  @Order(2)
  @RegisterExtension
  private final FcmServices services = new FcmServices();

  private final FakeFcm fcm = services.fcm;
  private FcmFixture service;

  @BeforeEach
  void start() throws Exception {
    await(fcm.start(tls));
  }

  private void ready(Map<String, String> credential) throws Exception {
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                FcmSettings.PUSH_URL, url(),
                FcmSettings.CA_FILE, tls.ca().toString()));
    settings.putAll(credential);
    service =
        services.add(
            new FcmProvider().create(FcmFixture.config(folder, settings), warning -> {}), time);
    service.ready();
  }

  private String url() {
    return "https://localhost:" + fcm.port();
  }

  private void readyWithAccount() throws Exception {
    Path file = account.write(folder.resolve("account.json"), url() + FakeFcm.TOKEN_PATH);
    ready(Map.of(FcmSettings.AUTHORIZATION_FILE, file.toString()));
  }

  private Answer.Refused refused() throws Exception {
    return assertInstanceOf(Answer.Refused.class, await(service.send()));
  }

  /** Has Firebase answer so as often as it takes to be believed. */
  private Answer.Refused goDown(FakeFcm.Reply reply) throws Exception {
    for (int i = 0; i < 2; i++) {
      fcm.nextPush(reply);
      assertEquals(reply.status(), refused().response().code());
      assertEquals(State.CONNECTED, service.condition().state());
    }
    fcm.nextPush(reply);
    Answer.Refused answer = refused();
    assertEquals(State.REFUSED, service.condition().state());
    return answer;
  }

  private long refusalLines(Level level) {
    return log.lines(level).stream()
        .filter(line -> line.startsWith("[app] ") && line.contains("credentials"))
        .count();
  }

  @Test
  void anAccountWithoutTheRoleAnswersAllPushesUntilItHasIt() throws Exception {
    readyWithAccount();
    Answer.Refused first = goDown(FakeFcm.permissionDenied());
    assertEquals(403, first.response().code());
    for (int i = 0; i < 200; i++) {
      assertEquals(first, refused());
    }
    assertEquals(3, fcm.pushes().size());
    assertTrue(
        service.condition().reason().startsWith("Forbidden no role; check the service account"));
    assertTrue(service.window() > 0);

    fcm.nextPush(FakeFcm.permissionDenied());
    time.advance(FIRST_TRY);
    assertEquals(first, refused());
    time.advance(FIRST_TRY);
    assertEquals(first, refused());
    assertEquals(4, fcm.pushes().size(), "the second delay is twice the first");
    time.advance(FIRST_TRY);
    assertInstanceOf(Answer.Delivered.class, await(service.send()));
    assertInstanceOf(Answer.Delivered.class, await(service.send()));
    assertEquals(6, fcm.pushes().size());
    assertEquals(State.CONNECTED, service.condition().state());
    assertEquals(1, refusalLines(Level.ERROR));
    assertEquals(1, refusalLines(Level.INFO));
    assertEquals(1, fcm.tokenRequests().size());
  }

  @Test
  void aTokenThatIsRefusedThoughNewIsTriedNoMoreOftenThanThePauseAllows() throws Exception {
    readyWithAccount();
    for (int i = 0; i < 20; i++) {
      fcm.nextPush(FakeFcm.unauthenticated());
    }
    for (Answer answer : service.sendAll(10)) {
      assertInstanceOf(Answer.Refused.class, answer);
    }
    for (int i = 0; i < 100; i++) {
      assertEquals(401, refused().response().code());
    }
    assertEquals(20, fcm.pushes().size(), "each of the ten twice");
    assertEquals(2, fcm.tokenRequests().size(), "one replacement for all");
    assertEquals(1, refusalLines(Level.ERROR));
    time.advance(FIRST_TRY);
    assertInstanceOf(Answer.Delivered.class, await(service.send()));
    assertEquals(2, fcm.tokenRequests().size());
  }

  @Test
  void aRefusalOfOnePushIsNobodyElses() throws Exception {
    readyWithAccount();
    for (String code : List.of("SENDER_ID_MISMATCH", "THIRD_PARTY_AUTH_ERROR")) {
      int status = code.startsWith("SENDER") ? 403 : 401;
      fcm.nextPush(
          new FakeFcm.Reply(
              status,
              "{\"error\":{\"status\":\"PERMISSION_DENIED\",\"details\":[{\"@type\":\"type"
                  + ".googleapis.com/google.firebase.fcm.v1.FcmError\",\"errorCode\":\""
                  + code
                  + "\"}]}}"));
      assertEquals(status, refused().response().code());
      assertEquals(State.CONNECTED, service.condition().state());
    }
    assertInstanceOf(Answer.Delivered.class, await(service.send()));
    assertEquals(0, refusalLines(Level.ERROR));
  }

  @Test
  void aServerKeyThatTheGatewayDoesNotKnowIsRefused() throws Exception {
    ready(Map.of(FcmSettings.AUTHORIZATION_KEY, "AAAA:key"));
    Answer.Refused first = goDown(new FakeFcm.Reply(401, "<html>INVALID_KEY</html>"));
    assertEquals(first, refused());
    assertEquals(3, fcm.pushes().size());
    assertTrue(service.condition().reason().contains("firebase_authorization_key"));
    time.advance(FIRST_TRY);
    assertInstanceOf(Answer.Delivered.class, await(service.send()));
  }

  @Test
  void aTokenThatIsReplacedInTimeIsNoRefusal() throws Exception {
    readyWithAccount();
    Promise<FakeFcm.Reply> second = Promise.promise();
    fcm.nextToken(second.future());
    fcm.nextPush(FakeFcm.unauthenticated());
    Future<Answer> answer = service.send();
    await(fcm.untilTokenRequests(2));
    assertEquals(State.CONNECTING, service.condition().state());
    assertEquals(0, service.window());
    second.complete(FakeFcm.token("token-2", 3600));
    assertInstanceOf(Answer.Delivered.class, await(answer));
    assertEquals(0, refusalLines(Level.ERROR));
  }
}
