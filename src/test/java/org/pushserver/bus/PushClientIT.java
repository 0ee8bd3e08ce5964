// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.failure;
import static org.pushserver.fake.Await.until;

import ch.qos.logback.classic.Level;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.PushServerVerticle;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.TestSandbox;
import org.pushserver.sandbox.Sandbox;
import org.pushserver.sandbox.SandboxOptions;

/** The client and a whole server in its process, which sends to the sandbox. */
@Timeout(120)
class PushClientIT {
  private static final String PHONE = "com.example.phone";

  /** An iPhone's that APNs never takes a push for. */
  private static final String DOWN = "d0a0" + "1".repeat(60);

  @RegisterExtension private final LogTrail log = new LogTrail("org.pushserver.push", Level.INFO);

  private final Vertx vertx = Vertx.vertx();
  private final Vertx elsewhere = Vertx.vertx();
  private final PushClient pushes =
      PushClient.create(vertx, PushClientOptions.DEFAULT.withSender("bell"));
  @TempDir private Path directory;
  private Sandbox sandbox;

  @BeforeEach
  void start() {
    sandbox = await(TestSandbox.start(elsewhere, SandboxOptions.in(directory)));
  }

  /** Deploys a server with further sections of general.ini, and tells its deployment. */
  @CanIgnoreReturnValue
  private String deploy(String... lines) throws Exception {
    Files.writeString(
        sandbox.configDirectory().resolve("general.ini"), String.join("\n", lines) + "\n");
    JsonObject config =
        new JsonObject()
            .put("config_dir", sandbox.configDirectory().toString())
            .put("http", false)
            .put("admin", false);
    return await(vertx.deployVerticle(new PushServerVerticle(config)));
  }

  @AfterEach
  void close() {
    await(vertx.close());
    await(elsewhere.close());
  }

  private static PushMessageBuilder ring(String appId, String platform, String token) {
    return PushMessage.ring(appId, platform, token)
        .callId("4711@pbx")
        .from("sip:alice@example.com", "Alice")
        .to("sip:bob@example.com")
        .mediaType("audio");
  }

  @ParameterizedTest
  @CsvSource({
    PHONE + ", firebase, phone-of-bob, 200",
    PHONE + ", apple, 6688ff9c, 200",
    PHONE + ", firebase, dead-phone, 410",
    PHONE + ", firebase, a phone, 400",
    PHONE + ", pigeons, coop, 404",
    "com.example.tablet, apple, 6688ff9c, 404"
  })
  void aPushIsAnsweredAsOverHttp(String appId, String platform, String token, int code)
      throws Exception {
    deploy();
    PushResult result = await(pushes.send(ring(appId, platform, token).build()));
    assertEquals(code, result.code(), result::toString);
    assertEquals(code == 200, result.isDelivered());
    assertEquals(code == 410, result.isDeadToken());
    if (code == 200 || code == 410) {
      assertEquals(token, result.token());
      assertEquals(platform, result.platform());
      assertEquals("4711@pbx", result.callId());
      assertTrue(result.url().startsWith("https://"), result::url);
      assertTrue(log.untilLogged("incoming").contains("from=bus:bell"), log::toString);
    } else {
      assertFalse(result.description().isEmpty());
      assertEquals("", result.url());
    }
  }

  @Test
  void aCancelTakesBackARingThatWaits() throws Exception {
    deploy();
    PushMessage ring = ring(PHONE, "apple", DOWN).build();
    Future<PushResult> rung = pushes.send(ring);
    log.untilLogged("attempt");
    PushResult cancelled = await(pushes.send(ring.toCancel().reason("busy").build()));
    assertTrue(cancelled.isDelivered(), cancelled::toString);
    assertEquals(409, await(rung).code());
  }

  @Test
  void allDevicesOfAUserAreRungAtOnce() throws Exception {
    deploy();
    PushMessage ring =
        PushMessage.event("incoming_session")
            .contact("<sip:bob@192.0.2.1;pn-provider=fcm;pn-param=" + PHONE + ";pn-prid=one>", "a")
            .contact(
                "<sip:bob@192.0.2.2;pn-provider=fcm;pn-param=" + PHONE + ";pn-prid=dead-two>", "b")
            .callId("4711@pbx")
            .from("sip:alice@example.com", "Alice")
            .to("sip:bob@example.com")
            .mediaType("audio")
            .build();
    PushResult result = await(pushes.send(ring));
    assertTrue(result.isDelivered(), result.reply()::encode);
    assertEquals(List.of("b"), result.gone(), result.reply()::encode);
  }

  @Test
  void whatWasSubmittedEndsAsAResult() throws Exception {
    deploy();
    List<PushEnd> ends = new CopyOnWriteArrayList<>();
    ResultSubscription results = pushes.results(ends::add);
    await(results.ready());
    PushResult accepted = await(pushes.submit(ring(PHONE, "firebase", "dead-phone").build()));
    assertTrue(accepted.isAccepted(), accepted::toString);
    until(() -> !ends.isEmpty(), () -> "no result");
    PushEnd end = ends.get(0);
    assertTrue(end.isDeadToken(), end::toString);
    assertEquals(410, end.code());
    assertEquals(1, end.attempts());
    assertEquals("dead-phone", end.token());
    assertEquals("4711@pbx", end.callId());
    assertEquals(PHONE, end.appId());
    assertFalse(end.endedAt().isBefore(end.bornAt()));
    await(results.close());
  }

  @Test
  void theStatusTellsTheDeadlinesOfEachApplication() throws Exception {
    deploy("[delivery]", "call_deadline = 40");
    JsonObject status = await(pushes.status());
    assertEquals(1, status.getInteger("version"), status::encode);
    assertTrue(status.encode().contains("\"call_deadline\":40"), status::encode);
  }

  /** As it is told, a phone can be tried longer than its caller waits. */
  @Test
  void aMessageSaysHowLongItsSenderWaits() throws Exception {
    // The ring still waits when the test is over.
    deploy("[server]", "drain_timeout = 1");
    PushMessage ring = ring(PHONE, "apple", DOWN).answerWithin(Duration.ofSeconds(1)).build();
    PushResult result = await(pushes.send(ring));
    assertTrue(result.isAccepted(), result::toString);
    assertEquals("still trying", result.description());
    PushMessage other = ring(PHONE, "apple", "d0a02222").ttl(Duration.ofSeconds(1)).build();
    assertEquals(504, await(pushes.send(other)).code());
  }

  @Test
  void anAppIsWoken() throws Exception {
    deploy();
    PushMessage wake = PushMessage.wake(PHONE, "firebase", "phone-of-bob").build();
    assertEquals(200, await(pushes.send(wake)).code());
  }

  @Test
  void aKeyIsShownWhereOneIsWanted() throws Exception {
    // The SHA-256 of "s3cret".
    Files.writeString(
        sandbox.configDirectory().resolve("keys"),
        "bell 1ec1c26b50d5d3c58d9583181af8076655fe00756bf7285940ba3670f99fcba0 *\n");
    deploy("[bus]", "api_keys = keys");
    PushMessage ring = ring(PHONE, "firebase", "phone-of-bob").build();
    assertEquals(401, await(pushes.send(ring)).code());
    PushClient known = PushClient.create(vertx, PushClientOptions.DEFAULT.withApiKey("s3cret"));
    assertEquals(200, await(known.send(ring)).code());
    PushClient unknown = PushClient.create(vertx, PushClientOptions.DEFAULT.withApiKey("other"));
    assertEquals(401, await(unknown.send(ring)).code());
  }

  @Test
  void aServerThatListensElsewhereIsAskedThere() throws Exception {
    deploy("[bus]", "prefix = pushes.of.acme");
    PushMessage ring = ring(PHONE, "firebase", "phone-of-bob").build();
    assertEquals(
        NoReplyException.Why.NO_SERVER,
        assertInstanceOf(NoReplyException.class, failure(pushes.send(ring))).why());
    PushClient there =
        PushClient.create(vertx, PushClientOptions.DEFAULT.withPrefix("pushes.of.acme"));
    assertEquals(200, await(there.send(ring)).code());
  }

  @Test
  void aServerThatIsUndeployedAnswersWhatItCannotSendAnyMore() throws Exception {
    String deployment = deploy("[server]", "drain_timeout = 1");
    Future<PushResult> rung = pushes.send(ring(PHONE, "apple", DOWN).build());
    log.untilLogged("attempt");
    await(vertx.undeploy(deployment));
    PushResult result = await(rung);
    assertEquals(503, result.code());
    assertTrue(result.mayRetry());
    assertEquals(1, result.retryAfter());
    NoReplyException refused =
        assertInstanceOf(
            NoReplyException.class, failure(pushes.send(ring(PHONE, "apple", "6688ff9c").build())));
    assertEquals(NoReplyException.Why.NO_SERVER, refused.why());
  }
}
