// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.apns.ApnsServiceIT.push;
import static org.pushserver.apns.ApnsServiceIT.ring;
import static org.pushserver.apns.MockApns.ALIVE;
import static org.pushserver.apns.MockApns.TOPIC;
import static org.pushserver.fake.Await.await;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.dispatch.VertxTime;
import org.pushserver.fake.FakePushServices;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.TestTls;
import org.pushserver.push.Answer;
import org.pushserver.push.Answer.DeadToken;
import org.pushserver.push.Answer.Delivered;
import org.pushserver.push.Answer.Later;
import org.pushserver.push.Answer.Refused;
import org.pushserver.push.AppKey;
import org.pushserver.push.Push;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.PushService;
import org.pushserver.spi.Time;

/**
 * What an application does when APNs does not like its credentials: how much of it reaches APNs is
 * counted there.
 */
class ApnsCredentialsIT {
  private static final String OURS = "org.pushserver";

  @TempDir static Path dir;
  private static final TestTls tls = TestTls.shared();
  private static Instant certificateEnd;

  private final ObjectMapper json = new ObjectMapper();
  private final LogTrail log = new LogTrail(OURS);
  private Vertx vertx;
  private FakePushServices apns;
  private ShiftedTime time;
  private Sender sender;

  @BeforeAll
  static void makeCredentials() throws Exception {
    assertTrue(Files.exists(SigningKey.make().write(dir.resolve("AuthKey.p8"))));
    certificateEnd = Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofDays(2));
    X509Bundle push =
        TestTls.valid()
            .notAfter(certificateEnd)
            .subject("UID=" + TOPIC + ", CN=Apple Push Services")
            .buildIssuedBy(tls.authority());
    String both = push.getPrivateKeyPEM() + push.getCertificatePEM();
    assertTrue(Files.exists(Files.writeString(dir.resolve("push.pem"), both)));
  }

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    apns = new FakePushServices(vertx, tls);
    time = new ShiftedTime(new VertxTime(vertx));
    await(apns.start());
  }

  @AfterEach
  void stop() throws Exception {
    await(sender.close());
    await(vertx.close());
    log.close();
  }

  private PushService create(Map<String, String> settings) throws Exception {
    Map<String, String> all = new HashMap<>(settings);
    all.put("apple_push_url", apns.address().toString());
    all.put("apple_ca_file", tls.ca().toString());
    return new ApnsProvider()
        .create(
            new AppConfig(
                "applications.ini",
                "phone",
                new AppKey(TOPIC, AppKey.APPLE),
                "sylk",
                all,
                dir,
                Delivery.DEFAULT),
            problem -> {});
  }

  private void open(Map<String, String> settings, Time clock) throws Exception {
    sender = new Sender(vertx, create(settings));
    await(sender.open(vertx, clock));
  }

  private void openWithToken() throws Exception {
    open(
        Map.of(
            "apple_key", "AuthKey.p8", "key_id", SigningKey.KEY_ID, "team_id", SigningKey.TEAM_ID),
        time);
  }

  /** Answers the next pushes so, and then takes all. */
  private void script(int status, String reason, int times) {
    ObjectNode script = json.createObjectNode();
    ArrayNode answers = script.putArray("apns");
    for (int i = 0; i < times; i++) {
      answers.addObject().put("status", status).putObject("body").put("reason", reason);
    }
    apns.play(script);
  }

  /** Sends as many as must be refused until that is believed. */
  private Answer goDown() throws Exception {
    Answer first = sender.send(push(ALIVE), ring());
    for (int i = 0; i < 2; i++) {
      assertNotEquals(State.REFUSED, state());
      assertEquals(first, sender.send(push(ALIVE), ring()));
    }
    assertEquals(State.REFUSED, state());
    return first;
  }

  private static List<Push> pushes(int count) {
    return IntStream.range(0, count).mapToObj(i -> push(ALIVE)).toList();
  }

  private State state() throws Exception {
    return sender.read(service -> service.condition().state());
  }

  private long refusalLines(Level level) {
    return log.lines(level).stream().filter(line -> line.contains("credentials")).count();
  }

  /**
   * Lets time pass until a push is taken. Before the new connection stands some tries go nowhere;
   * how many came to APNs is what counts.
   */
  private void recover() throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    do {
      time.leap(Duration.ofMillis(1200));
    } while (sender.send(push(ALIVE), ring()) instanceof Refused && System.nanoTime() < end);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "InvalidProviderToken",
        "BadCertificate",
        "BadCertificateEnvironment",
        "BadEnvironmentKeyIdInToken",
        "BadEnvironmentKeyInToken",
        "MissingProviderToken"
      })
  void refusedCredentialsAnswerAllPushesWithoutAskingUntilOneIsAccepted(String reason)
      throws Exception {
    script(403, reason, 3);
    openWithToken();
    Answer first = goDown();
    assertEquals(403, assertInstanceOf(Refused.class, first).response().code());
    List<Answer> answers = await(sender.sendAll(pushes(1000), ring()));
    for (Answer answer : answers) {
      assertEquals(first, answer);
    }
    assertEquals(3, apns.received().size());
    String why = sender.read(service -> service.condition().reason());
    assertTrue(why.startsWith(reason + " - ") && why.contains("check apple_key"), why);

    recover();
    assertEquals(4, apns.received().size());
    assertEquals(State.CONNECTED, state());
    assertEquals(1, refusalLines(Level.ERROR));
    assertEquals(1, refusalLines(Level.INFO));
    assertTrue(
        log.lines(Level.ERROR).stream().allMatch(line -> line.startsWith("[phone] ")),
        log.lines(Level.ERROR).toString());
  }

  @Test
  void hundredsInFlightWhenItBreaksAreOneLineAndNoneIsSentAgain() throws Exception {
    script(403, "InvalidProviderToken", 1000);
    openWithToken();
    List<Answer> answers = await(sender.sendAll(pushes(2000), ring()));
    assertTrue(answers.stream().allMatch(Refused.class::isInstance));
    assertTrue(
        apns.received().size() <= sender.most() + 2,
        "more came than were in flight, beside the two that the first two answers let in");
    assertEquals(1, refusalLines(Level.ERROR));
    assertEquals(0, sender.notSent());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "400 DeviceTokenNotForTopic",
        "400 TopicDisallowed",
        "400 BadTopic",
        "403 Forbidden",
        "403 SomethingNew"
      })
  void aRefusalOfOnePushIsNobodyElses(String answer) throws Exception {
    script(Integer.parseInt(answer.substring(0, 3)), answer.substring(4), 1);
    openWithToken();
    assertInstanceOf(Refused.class, sender.send(push(ALIVE), ring()));
    assertEquals(State.CONNECTED, state());
    assertInstanceOf(Delivered.class, sender.send(push(ALIVE), ring()));
    assertEquals(0, refusalLines(Level.ERROR));
  }

  @Test
  void anExpiredTokenThatAFreshOneDoesNotMendIsRefused() throws Exception {
    script(403, "ExpiredProviderToken", 1000);
    openWithToken();
    List<Answer> answers = await(sender.sendAll(pushes(300), ring()));
    assertTrue(answers.stream().allMatch(Refused.class::isInstance));
    assertEquals(State.REFUSED, state());
    assertEquals(2, tokens(), "one renewal for all");
    assertEquals(1, refusalLines(Level.ERROR));
  }

  private long tokens() {
    return apns.received().stream()
        .map(push -> push.headers().get("authorization"))
        .distinct()
        .count();
  }

  @Test
  void anUnrelatedKeyIsTriedOnOneNewConnection() throws Exception {
    script(403, "UnrelatedKeyIdInToken", 4);
    openWithToken();
    assertInstanceOf(Refused.class, goDown());
    assertEquals(4, apns.received().size(), "only the first push twice");
  }

  @Test
  void tooManyTokenUpdatesAreAnsweredBySilenceAndNeverByAnotherToken() throws Exception {
    script(429, "TooManyProviderTokenUpdates", 1000);
    openWithToken();
    assertInstanceOf(Later.class, sender.send(push(ALIVE), ring()));
    assertEquals(0, log.lines(Level.ERROR).size());
    assertInstanceOf(Later.class, sender.send(push(ALIVE), ring()));
    await(apns.untilConnections(3));
    assertEquals(2, apns.received().size());
    assertEquals(1, tokens());
    assertEquals(0, sender.read(PushService::window));
    assertEquals(State.CONNECTING, state());
    assertTrue(
        sender
            .read(service -> service.condition().reason())
            .contains("TooManyProviderTokenUpdates"));
    assertEquals(1, log.lines(Level.ERROR).size());
    assertTrue(log.lines(Level.ERROR).get(0).startsWith("[phone] "));
  }

  @Test
  void aCertificateThatEndsWhileRunningIsRefusedAtThatMomentWithoutAsking() throws Exception {
    ManualTime days = new ManualTime(System.currentTimeMillis());
    open(Map.of("apple_certificate", "push.pem"), days);
    assertInstanceOf(Delivered.class, sender.send(push(ALIVE), ring()));
    assertEquals(Optional.of(certificateEnd), sender.read(PushService::credentialExpiry));
    days.advance(Duration.ofDays(1));
    // Whether the connection survives a day that passes in no time is not the question.
    assertNotEquals(State.REFUSED, state());
    days.advance(Duration.ofDays(1));
    assertEquals(State.REFUSED, await(sender.refused()).state());
    Refused refused = assertInstanceOf(Refused.class, sender.send(push(ALIVE), ring()));
    assertEquals(403, refused.response().code());
    assertEquals(
        "the client certificate expired on " + certificateEnd, refused.response().reason());
    days.advance(Duration.ofDays(1));
    assertInstanceOf(Refused.class, sender.send(push(ALIVE), ring()));
    assertEquals(1, apns.received().size());
    assertEquals(1, log.lines(Level.ERROR).size());
  }

  @Test
  void aProviderTokenHasNoEnd() throws Exception {
    openWithToken();
    assertEquals(Optional.empty(), sender.read(PushService::credentialExpiry));
  }

  @Test
  void aBurstOfTokensOfTheOtherEnvironmentIsToldOnceAndFromThenOnNoTokenIsDead() throws Exception {
    script(400, "BadDeviceToken", 200);
    openWithToken();
    List<Answer> answers = await(sender.sendAll(pushes(200), ring()));
    List<Integer> codes = answers.stream().map(answer -> answer.response().code()).toList();
    // Half of the last 50 may be bad by themselves.
    assertEquals(25, Collections.frequency(codes, 410));
    assertEquals(175, Collections.frequency(codes, 400));
    for (Answer answer : answers) {
      assertEquals(answer.response().code() == 410, answer instanceof DeadToken);
    }
    List<String> warnings = log.lines(Level.WARN);
    assertEquals(1, warnings.size(), warnings.toString());
    assertTrue(warnings.get(0).startsWith("[phone] "), warnings.get(0));
    assertTrue(warnings.get(0).contains("apple_push_url"), warnings.get(0));
    assertTrue(warnings.get(0).contains(apns.address().toString()), warnings.get(0));
    assertEquals(State.CONNECTED, state());
  }
}
