// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.pushserver.apns.MockApns.ALIVE;
import static org.pushserver.apns.MockApns.DEAD;
import static org.pushserver.apns.MockApns.REMOTE;
import static org.pushserver.apns.MockApns.TOPIC;
import static org.pushserver.fake.Await.await;

import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushserver.apns.MockApns.Arrival;
import org.pushserver.dispatch.VertxTime;
import org.pushserver.fake.ConnectProxy;
import org.pushserver.fake.TestTls;
import org.pushserver.linphone.LinphoneApplication;
import org.pushserver.push.Answer;
import org.pushserver.push.Answer.DeadToken;
import org.pushserver.push.Answer.Delivered;
import org.pushserver.push.Answer.Fault;
import org.pushserver.push.Answer.Refused;
import org.pushserver.push.AppKey;
import org.pushserver.push.Details;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Payload;
import org.pushserver.spi.PayloadMaker;
import org.pushserver.spi.PushService;
import org.pushserver.spi.Time;
import org.pushserver.spi.Trial;
import org.pushserver.spi.Trial.Finding;
import org.pushserver.sylk.SylkApplication;

/** The whole way to APNs, against pushy's server with its own ideas of what is valid. */
class ApnsServiceIT {
  private static final Map<String, String> RING =
      Map.of("apns-topic", TOPIC + ".voip", "apns-push-type", "voip", "apns-priority", "10");

  private static final Delivery ONE_CONNECTION =
      new Delivery(Duration.ofSeconds(64), Duration.ofHours(2), Duration.ofSeconds(10), 100, 1);

  @TempDir static Path dir;
  private static final TestTls tls = TestTls.shared();
  private static SigningKey key;
  private static MockApns apns;

  private final ApnsProvider provider = new ApnsProvider();
  private Vertx vertx;
  private final List<Sender> senders = new ArrayList<>();

  @BeforeAll
  static void makeCredentials() throws Exception {
    key = SigningKey.make();
    assertTrue(Files.exists(key.write(dir.resolve("AuthKey.p8"))));
    X509Bundle push =
        TestTls.valid()
            .subject("UID=" + TOPIC + ", CN=Apple Push Services")
            .buildIssuedBy(tls.authority());
    // As Keychain exports go: one file, key first.
    String both = push.getPrivateKeyPEM() + push.getCertificatePEM();
    assertTrue(Files.exists(Files.writeString(dir.resolve("push.pem"), both)));
    apns = new MockApns(tls, key, 3).start();
  }

  @AfterAll
  static void stopApns() throws Exception {
    apns.stop();
  }

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    apns.forget();
  }

  @AfterEach
  void stop() throws Exception {
    for (Sender sender : senders) {
      await(sender.close());
    }
    await(vertx.close());
  }

  private PushService create(Map<String, String> settings) throws Exception {
    Map<String, String> all = new HashMap<>(settings);
    all.putIfAbsent("apple_push_url", "localhost:" + apns.port());
    all.put("apple_ca_file", tls.ca().toString());
    return provider.create(
        new AppConfig(
            "applications.ini",
            "phone",
            new AppKey(TOPIC, AppKey.APPLE),
            "sylk",
            all,
            dir,
            ONE_CONNECTION),
        problem -> fail(problem.toString()));
  }

  private Map<String, String> token() {
    return Map.of(
        "apple_key", "AuthKey.p8", "key_id", SigningKey.KEY_ID, "team_id", SigningKey.TEAM_ID);
  }

  private Sender open(PushService service, Time time) throws Exception {
    Sender sender = new Sender(vertx, service);
    senders.add(sender);
    await(sender.open(vertx, time));
    return sender;
  }

  private Sender open(Map<String, String> settings) throws Exception {
    return open(create(settings), new VertxTime(vertx));
  }

  static Push push(String deviceToken) {
    return push(new Device(deviceToken, null));
  }

  private static Push push(Device device) {
    Details details =
        new Details(
            "sip:a@example.com",
            "A",
            "sip:b@example.com",
            "audio",
            true,
            null,
            1,
            null,
            null,
            null,
            null,
            null);
    long now = System.currentTimeMillis();
    return new Push(
        UUID.randomUUID(),
        new AppKey(TOPIC, AppKey.APPLE),
        device,
        Event.INCOMING_SESSION,
        "call-1",
        details,
        now,
        now + 64_000);
  }

  static Payload ring() {
    return new Payload(RING, Buffer.buffer("{\"event\":\"incoming_session\"}"));
  }

  private String url(String deviceToken) {
    return "https://localhost:" + apns.port() + "/3/device/" + deviceToken;
  }

  /** Pushy's server looks the token up before it looks at credentials, which proves nothing. */
  @Test
  void credentialsAreTriedWithAPushToNobodyWhichIsNoProofByItself() throws Exception {
    Sender sender = open(token());
    Trial trial = sender.ask(service -> service.tryCredentials(new AppKey(TOPIC, AppKey.APPLE)));
    assertEquals(Finding.UNKNOWN, trial.finding(), trial::words);
    assertTrue(trial.words().contains("DeviceTokenNotForTopic"), trial::words);
    assertEquals(1, apns.all().size());
    for (Arrival one : apns.all()) {
      assertEquals("0".repeat(64), one.header(":path").replace("/3/device/", ""));
      assertEquals("0", one.header("apns-expiration"));
    }
    assertEquals("background", apns.all().get(0).header("apns-push-type"));
  }

  @Test
  void aPushArrivesWithItsHeadersItsIdAndAProviderToken() throws Exception {
    Push push = push(ALIVE);
    Answer answer = open(token()).send(push, ring());
    assertInstanceOf(Delivered.class, answer);
    assertEquals(200, answer.response().code());
    assertEquals("{}", answer.response().body());
    assertEquals(url(ALIVE), answer.response().url());

    assertEquals(1, apns.accepted().size());
    Arrival arrival = apns.accepted().get(0);
    assertEquals("{\"event\":\"incoming_session\"}", arrival.body());
    assertEquals("/3/device/" + ALIVE, arrival.header(":path"));
    assertEquals(push.id().toString(), arrival.header("apns-id"));
    RING.forEach((name, value) -> assertEquals(value, arrival.header(name)));
    assertTrue(arrival.header("authorization").startsWith("bearer "));
    assertNull(arrival.headers().get("user-agent"));
  }

  @ParameterizedTest
  @MethodSource("types")
  void aCallForAPhoneWithoutAVoipTokenIsTaken(ApplicationType type) throws Exception {
    PayloadMaker maker = type.payloadMaker(AppKey.APPLE).orElseThrow();
    Sender sender = open(token());
    Push call = push(new Device(REMOTE, null, "-" + REMOTE, true));
    assertInstanceOf(Delivered.class, sender.send(call, maker.make(call, call.bornAt())));
    Arrival arrival = apns.accepted().get(0);
    assertEquals(TOPIC, arrival.header("apns-topic"));
    assertEquals("alert", arrival.header("apns-push-type"));
    assertEquals("10", arrival.header("apns-priority"));
    assertTrue(new JsonObject(arrival.body()).getJsonObject("aps").containsKey("alert"));

    Push asAnyOther = push(new Device(REMOTE, null));
    Answer refused = sender.send(asAnyOther, maker.make(asAnyOther, asAnyOther.bornAt()));
    String reason = refused.response().reason();
    assertTrue(reason.startsWith("DeviceTokenNotForTopic"), reason);
  }

  static List<ApplicationType> types() {
    return List.of(new SylkApplication(), new LinphoneApplication());
  }

  @Test
  void aPushOfWhichNoRequestCanBeMadeIsRefusedAtOnce() throws Exception {
    Payload unbuildable = new Payload(Map.of("apns-collapse-id", "a\r\nb"), Buffer.buffer("{}"));
    Sender sender = open(token());
    Refused refused = assertInstanceOf(Refused.class, sender.send(push(ALIVE), unbuildable));
    assertEquals(500, refused.response().code());
    assertEquals(Fault.SERVER, refused.fault());
    String reason = refused.response().reason();
    assertTrue(reason.startsWith("the request could not be built: "), reason);
    assertInstanceOf(Delivered.class, sender.send(push(ALIVE), ring()));
  }

  @Test
  void aClientCertificateTakesThePlaceOfTheToken() throws Exception {
    Sender sender = open(Map.of("apple_certificate", "push.pem"));
    assertInstanceOf(Delivered.class, sender.send(push(ALIVE), ring()));
    assertNull(apns.accepted().get(0).headers().get("authorization"));
  }

  @Test
  void aTokenThatApnsKnowsAsDeadIs410() throws Exception {
    Answer answer = open(token()).send(push(DEAD), ring());
    assertInstanceOf(DeadToken.class, answer);
    assertEquals(410, answer.response().code());
    assertTrue(answer.response().reason().startsWith("Unregistered - "));
    assertTrue(answer.response().body().contains("1454948015990"), answer.response().body());
  }

  @Test
  void whatIsNoTokenIs410AndCannotLeaveItsPlaceInThePath() throws Exception {
    Answer answer = open(token()).send(push("aa/../bb cc?d=\u00e9"), ring());
    assertInstanceOf(DeadToken.class, answer);
    assertEquals(410, answer.response().code());
    assertEquals("/3/device/aa%2F..%2Fbb%20cc%3Fd%3D%C3%A9", apns.all().get(0).header(":path"));
  }

  @Test
  void tokensThatAreNearlyAllUnknownAreNotToldAsDead() throws Exception {
    Sender sender = open(token());
    for (int i = 0; i < 25; i++) {
      assertInstanceOf(DeadToken.class, sender.send(push("not/a/token"), ring()));
    }
    Answer doubted = sender.send(push("not/a/token"), ring());
    assertEquals(Fault.APPLICATION, assertInstanceOf(Refused.class, doubted).fault());
    assertEquals(400, doubted.response().code());
    assertTrue(doubted.response().reason().startsWith("BadDeviceToken - "));
    assertTrue(doubted.response().reason().endsWith("check apple_push_url"));
    for (int i = 0; i < 50; i++) {
      assertInstanceOf(Delivered.class, sender.send(push(ALIVE), ring()));
    }
    assertInstanceOf(DeadToken.class, sender.send(push("not/a/token"), ring()));
  }

  @Test
  void aTokenOfAnotherTopicIsTheApplicationsFaultAndNotDead() throws Exception {
    Answer answer = open(token()).send(push("b".repeat(64)), ring());
    assertEquals(Fault.APPLICATION, assertInstanceOf(Refused.class, answer).fault());
    assertEquals(400, answer.response().code());
    assertTrue(answer.response().reason().startsWith("DeviceTokenNotForTopic - "));
    assertTrue(answer.response().reason().contains("the topic sent was " + TOPIC));
  }

  @Test
  void aTopicThatTheKeyDoesNotCoverIsRefused() throws Exception {
    Payload other =
        new Payload(Map.of("apns-topic", "com.example.other"), Buffer.buffer("{\"a\":1}"));
    assertInstanceOf(Refused.class, open(token()).send(push(ALIVE), other));
  }

  @Test
  void aPayloadThatIsTooLargeNeverLeaves() throws Exception {
    Sender sender = open(token());
    Payload large = new Payload(RING, Buffer.buffer("x".repeat(5121)));
    Answer answer = sender.send(push(ALIVE), large);
    assertEquals(Fault.PUSH, assertInstanceOf(Refused.class, answer).fault());
    assertEquals(413, answer.response().code());
    Payload alert =
        new Payload(
            Map.of("apns-topic", TOPIC, "apns-push-type", "alert"),
            Buffer.buffer("x".repeat(4097)));
    assertEquals(413, sender.send(push(ALIVE), alert).response().code());
    assertEquals(0, apns.all().size());
    // The mock knows one limit only, the lower.
    Payload fits =
        new Payload(
            Map.of("apns-topic", TOPIC, "apns-push-type", "alert"),
            Buffer.buffer("x".repeat(4096)));
    assertInstanceOf(Delivered.class, sender.send(push(ALIVE), fits));
  }

  @Test
  void aThousandPushesGoThroughAFewStreamsAndNoneIsLost() throws Exception {
    Sender sender = open(token());
    List<Push> pushes = IntStream.range(0, 1000).mapToObj(i -> push(ALIVE)).toList();
    List<Answer> answers = await(sender.sendAll(pushes, ring()));
    assertTrue(answers.stream().allMatch(Delivered.class::isInstance));
    assertEquals(1000, apns.accepted().size());
    assertEquals(
        1000,
        apns.accepted().stream().map(arrival -> arrival.header("apns-id")).distinct().count());
    assertEquals(0, sender.notSent());
    assertEquals(3, sender.most());
  }

  @Test
  void anExpiredTokenIsRenewedOnceForAllItWasRefusedForAndNoneIsLost() throws Exception {
    ShiftedTime time = new ShiftedTime(new VertxTime(vertx));
    time.shift(Duration.ofHours(-2));
    Sender sender = open(create(token()), time);
    time.shift(Duration.ZERO);
    List<Push> pushes = IntStream.range(0, 50).mapToObj(i -> push(ALIVE)).toList();
    List<Answer> answers = await(sender.sendAll(pushes, ring()));
    assertTrue(answers.stream().allMatch(Delivered.class::isInstance));
    assertEquals(50, apns.accepted().size());
    assertEquals(
        2, apns.all().stream().map(arrival -> arrival.header("authorization")).distinct().count());
    assertTrue(sender.notSent() >= 1 && sender.notSent() <= 3, "not sent: " + sender.notSent());
  }

  @Test
  void aFreshTokenThatIsRefusedAsExpiredTooIsTheApplicationsFault() throws Exception {
    ShiftedTime time = new ShiftedTime(new VertxTime(vertx));
    time.shift(Duration.ofHours(-2));
    Sender sender = open(create(token()), time);
    Answer answer = sender.send(push(ALIVE), ring());
    assertEquals(Fault.APPLICATION, assertInstanceOf(Refused.class, answer).fault());
    assertEquals(403, answer.response().code());
    assertTrue(answer.response().reason().contains("clock"), answer.response().reason());
    assertEquals(1, sender.notSent());
  }

  @Test
  void applicationsOfOneTeamAndKeyShareOneToken() throws Exception {
    Sender first = open(token());
    Sender second = open(token());
    assertInstanceOf(Delivered.class, first.send(push(ALIVE), ring()));
    assertInstanceOf(Delivered.class, second.send(push(ALIVE), ring()));
    assertEquals(
        1, apns.all().stream().map(arrival -> arrival.header("authorization")).distinct().count());
  }

  @Test
  void withAProxyAPushGoesThroughItsTunnel() throws Exception {
    Vertx outside = Vertx.vertx(ConnectProxy.whoKnows(TestTls.NAME));
    ConnectProxy proxy = await(new ConnectProxy(outside, "us", "secret").start());
    Map<String, String> settings = new HashMap<>(token());
    settings.put("apple_push_url", TestTls.NAME + ':' + apns.port());
    settings.put("proxy_url", "http://us:secret@" + proxy.address());
    assertInstanceOf(Delivered.class, open(settings).send(push(ALIVE), ring()));
    assertEquals(List.of(TestTls.NAME + ':' + apns.port()), proxy.asked());
    await(outside.close());
  }

  @Test
  void aClosedServiceTakesNothingMore() throws Exception {
    PushService service = create(token());
    Sender sender = open(service, new VertxTime(vertx));
    assertInstanceOf(Delivered.class, sender.send(push(ALIVE), ring()));
    await(sender.close());
    assertEquals(0, service.window());
    assertTrue(service.send(push(ALIVE), ring()).failed());
  }
}
