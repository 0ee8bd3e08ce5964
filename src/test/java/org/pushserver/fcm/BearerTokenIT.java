// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.failure;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.CloseFuture;
import io.vertx.core.internal.VertxInternal;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.fake.FakeFcm;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.RawServer;
import org.pushserver.fake.TestAccount;
import org.pushserver.fake.TestTls;
import org.pushserver.push.Answer;
import org.pushserver.push.Answer.Fault;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Condition;
import org.pushserver.spi.NotSentException;

/** The OAuth token against a token server over TLS, with time moved by hand. */
class BearerTokenIT {
  @TempDir private static Path folder;
  private static final TestTls tls = TestTls.shared();
  private static final TestAccount account = TestAccount.shared();

  private final FcmProvider provider = new FcmProvider();
  private final ManualTime time = new ManualTime();
  @RegisterExtension private final FcmServices services = new FcmServices();
  private final Vertx vertx = services.vertx;
  private final FakeFcm fcm = services.fcm;

  @BeforeEach
  void start() throws Exception {
    await(fcm.start(tls));
  }

  private FcmFixture service() throws Exception {
    return service("https://localhost:" + fcm.port() + FakeFcm.TOKEN_PATH, tls.ca());
  }

  private FcmFixture service(String tokenUri, Path authorities) throws Exception {
    String url = "https://localhost:" + fcm.port();
    Path file = account.write(folder.resolve("account.json"), tokenUri);
    AppConfig config =
        FcmFixture.config(
            folder,
            Map.of(
                FcmSettings.AUTHORIZATION_FILE, file.toString(),
                FcmSettings.PUSH_URL, url,
                FcmSettings.CA_FILE, authorities.toString()));
    return services.add(provider.create(config, warning -> {}), time);
  }

  /** Completes when the token has been asked for, and the next time has been set. */
  private Future<Long> untilRetryTimer() {
    return time.untilTimer(delay -> delay > 300 && delay < 1300);
  }

  private Future<Long> untilRenewalTimer() {
    return time.untilTimer(delay -> delay > 3_000_000);
  }

  @Test
  void theTokenIsAskedForAsGoogleWantsIt() throws Exception {
    service().ready();
    FakeFcm.Request request = fcm.tokenRequests().get(0);
    assertEquals("application/x-www-form-urlencoded", request.headers().get("content-type"));
    Map<String, List<String>> form = new QueryStringDecoder(request.body(), false).parameters();
    assertEquals(List.of("urn:ietf:params:oauth:grant-type:jwt-bearer"), form.get("grant_type"));
    SignedJWT jwt = SignedJWT.parse(form.get("assertion").get(0));
    assertTrue(jwt.verify(new RSASSAVerifier((RSAPublicKey) account.keys().getPublic())));
    assertEquals(
        List.of("https://localhost:" + fcm.port() + FakeFcm.TOKEN_PATH),
        jwt.getJWTClaimsSet().getAudience());
    assertEquals(ManualTime.START / 1000, jwt.getPayload().toJSONObject().get("iat"));
  }

  @Test
  void applicationsOnSeveralEventLoopsShareOneRequestAndOneToken() throws Exception {
    Promise<FakeFcm.Reply> slow = Promise.promise();
    fcm.nextToken(slow.future());
    List<FcmFixture> several = new ArrayList<>();
    List<Future<Integer>> ready = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      FcmFixture service = service();
      several.add(service);
      service.open();
      ready.add(service.windowIs(window -> window > 0));
    }
    slow.complete(FakeFcm.token("shared", 3600));
    await(Future.all(ready));
    List<Future<Answer>> answers = new ArrayList<>();
    several.forEach(service -> answers.add(service.send()));
    await(Future.all(answers));
    assertEquals(1, fcm.tokenRequests().size());
    assertEquals(20, fcm.pushes().size());
    assertTrue(
        fcm.pushes().stream().allMatch(push -> push.authorization().equals("Bearer shared")));
  }

  @Test
  void onlyApplicationsWithTheSameWayToTheTokenServerShareItsToken() throws Exception {
    String uri = "https://localhost:" + fcm.port() + FakeFcm.TOKEN_PATH;
    String authority = Files.readString(tls.ca());
    Path same = Files.writeString(folder.resolve("same.pem"), authority);
    Path more = Files.writeString(folder.resolve("more.pem"), authority + '\n' + authority);
    service(uri, tls.ca()).ready();
    service(uri, same).ready();
    assertEquals(1, fcm.tokenRequests().size());
    service(uri, more).ready();
    assertEquals(2, fcm.tokenRequests().size());
  }

  @Test
  void anAnswerInChunksWithExtensionsIsRead() throws Exception {
    RawServer server = new RawServer(vertx);
    await(server.start());
    String json = "{\"access_token\":\"in-chunks\",\"expires_in\":3600}";
    server.script(
        wire -> {
          Future<Void> unused =
              wire.write(
                  "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
                      + Integer.toHexString(json.length())
                      + ";a=b;c=\"d e\"\r\n"
                      + json
                      + "\r\n0;last\r\n\r\n");
        });
    FcmFixture service = service("http://127.0.0.1:" + server.port() + "/token", tls.ca());
    service.ready();
    await(service.send());
    assertEquals("Bearer in-chunks", fcm.pushes().get(0).authorization());
  }

  @Test
  void theTokenIsRenewedAheadWhileNothingIsSent() throws Exception {
    Future<Long> firstRenewal = untilRenewalTimer();
    FcmFixture service = service();
    service.ready();
    await(firstRenewal);
    Promise<FakeFcm.Reply> second = Promise.promise();
    fcm.nextToken(second.future());
    time.advance(Duration.ofSeconds(3600 - 225 + 1));
    await(fcm.untilTokenRequests(2));
    Future<Long> nextRenewal = untilRenewalTimer();
    second.complete(FakeFcm.token("token-2", 3600));
    await(nextRenewal);
    assertEquals(2, fcm.tokenRequests().size());
    await(service.send());
    assertEquals("Bearer token-2", fcm.pushes().get(0).authorization());
  }

  /** What Vert.x closes when it is closed itself, and keeps until then. */
  private int kept() throws Exception {
    Field children = CloseFuture.class.getDeclaredField("children");
    children.setAccessible(true);
    return ((Map<?, ?>) children.get(((VertxInternal) vertx).closeFuture())).size();
  }

  @Test
  void vertxKeepsNothingOfTheClientThatAskedForAToken() throws Exception {
    int before = kept();
    Future<Long> renewal = untilRenewalTimer();
    service().ready();
    await(renewal);
    Future<Long> nextRenewal = untilRenewalTimer();
    time.advance(Duration.ofSeconds(3600 - 225 + 1));
    await(nextRenewal);
    assertEquals(2, fcm.tokenRequests().size());
    assertEquals(before, kept());
  }

  @Test
  void anAnswerOfTheGreatestLengthIsTakenAndALongerOneIsNone() throws Exception {
    String json = "{\"access_token\":\"long\",\"expires_in\":3600,\"more\":\"\"}";
    String fits = json.replace("\"\"", '"' + "x".repeat(64 * 1024 - json.length()) + '"');
    fcm.nextToken(new FakeFcm.Reply(200, fits.replace("xx", "xxx")));
    fcm.nextToken(new FakeFcm.Reply(200, fits));
    Future<Long> retry = untilRetryTimer();
    FcmFixture service = service();
    service.open();
    await(retry);
    String why = service.condition().reason();
    assertTrue(why.contains("its answer has more than 64 KiB"), why);
    time.advance(Duration.ofSeconds(1));
    await(service.windowIs(window -> window > 0));
    await(service.send());
    assertEquals("Bearer long", fcm.pushes().get(0).authorization());
  }

  @Test
  void theTokenStaysInUseWhileARenewalAheadFails() throws Exception {
    Future<Long> renewal = untilRenewalTimer();
    FcmFixture service = service();
    service.ready();
    await(renewal);
    fcm.nextToken(new FakeFcm.Reply(500, "down"));
    Future<Long> retry = untilRetryTimer();
    time.advance(Duration.ofSeconds(3600 - 225 + 1));
    await(retry);
    await(service.send());
    assertEquals("Bearer token-1", fcm.pushes().get(0).authorization());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "500 {\"error\":\"internal\"}",
        "503 ",
        "429 ",
        "408 ",
        "401 {\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT\"}",
        "200 nope",
        "200 ",
        "200 {\"access_token\":\"\",\"expires_in\":3600}",
        "200 {\"access_token\":\"a\\r\\nb\",\"expires_in\":3600}"
      })
  void aFailureThatPassesKeepsPushesWaitingAndNoMore(String reply) throws Exception {
    fcm.nextToken(new FakeFcm.Reply(Integer.parseInt(reply.substring(0, 3)), reply.substring(4)));
    Future<Long> retry = untilRetryTimer();
    FcmFixture service = service();
    service.open();
    await(retry);
    assertEquals(0, service.window());
    assertEquals(Condition.State.CONNECTING, service.condition().state());
    assertInstanceOf(NotSentException.class, failure(service.send()));
    time.advance(Duration.ofSeconds(1));
    await(service.windowIs(window -> window > 0));
    assertInstanceOf(Answer.Delivered.class, await(service.send()));
    assertEquals(2, fcm.tokenRequests().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",\"expires_in\":null",
        ",\"expires_in\":0",
        ",\"expires_in\":-1",
        ",\"expires_in\":\"soon\"",
        ",\"expires_in\":{}"
      })
  void aTokenWhoseLifeIsNotToldIsUsedForFiveMinutes(String life) throws Exception {
    fcm.nextToken(new FakeFcm.Reply(200, "{\"access_token\":\"x\"" + life + "}"));
    Future<Long> renewal = time.untilTimer(delay -> delay > 200_000 && delay < 300_000);
    FcmFixture service = service();
    service.ready();
    assertInstanceOf(Answer.Delivered.class, await(service.send()));
    await(renewal);
    time.advance(Duration.ofMinutes(5));
    await(fcm.untilTokenRequests(2));
  }

  @Test
  void aTokenServerThatDoesNotAnswerIsAskedAgain() throws Exception {
    fcm.nextToken(Promise.<FakeFcm.Reply>promise().future());
    Future<Long> retry = untilRetryTimer();
    FcmFixture service = service();
    service.open();
    await(fcm.untilTokenRequests(1));
    time.advance(FcmFixture.TIMEOUT);
    await(retry);
    time.advance(Duration.ofSeconds(1));
    await(service.windowIs(window -> window > 0));
    assertEquals(2, fcm.tokenRequests().size());
  }

  @Test
  void aTokenServerThatHangsUpIsAskedAgain() throws Exception {
    fcm.nextToken(Future.failedFuture("break"));
    Future<Long> retry = untilRetryTimer();
    FcmFixture service = service();
    service.open();
    await(retry);
    time.advance(Duration.ofSeconds(1));
    await(service.windowIs(window -> window > 0));
    assertEquals(2, fcm.tokenRequests().size());
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 400, 401, 403, 404})
  void aRefusedAccountAnswersEachPushAtOnceUntilItIsTakenAgain(int status) throws Exception {
    for (int i = 0; i < 2; i++) {
      fcm.nextToken(
          new FakeFcm.Reply(
              status,
              Map.of("location", "https://localhost:" + fcm.port() + "/elsewhere"),
              "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT Signature.\"}"));
    }
    Future<Long> second = untilRetryTimer();
    FcmFixture service = service();
    service.open();
    await(second);
    Future<Long> minute = time.untilTimer(delay -> delay > 40_000 && delay < 80_000);
    time.advance(Duration.ofSeconds(1));
    await(minute);
    await(service.windowIs(window -> window > 0));
    Answer.Refused refused = assertInstanceOf(Answer.Refused.class, await(service.send()));
    assertEquals(Fault.APPLICATION, refused.fault());
    assertEquals(401, refused.response().code());
    assertEquals(Condition.State.REFUSED, service.condition().state());
    assertTrue(service.condition().reason().contains("Invalid JWT Signature."));
    assertTrue(
        refused.response().reason().endsWith(status + " invalid_grant Invalid JWT Signature."));
    assertEquals(List.of(), fcm.pushes(), "nothing was sent, and no redirect followed");
    Future<Long> renewal = untilRenewalTimer();
    time.advance(Duration.ofSeconds(80));
    await(renewal);
    assertInstanceOf(Answer.Delivered.class, await(service.send()));
    assertEquals(3, fcm.tokenRequests().size());
  }

  @Test
  void whenTheOneWhoAskedIsClosedAnotherAsks() throws Exception {
    fcm.nextToken(Promise.<FakeFcm.Reply>promise().future());
    FcmFixture first = service();
    FcmFixture second = service();
    first.open();
    second.open();
    await(fcm.untilTokenRequests(1));
    Future<Long> retry = untilRetryTimer();
    first.close();
    await(retry);
    time.advance(Duration.ofSeconds(1));
    await(second.windowIs(window -> window > 0));
    assertInstanceOf(Answer.Delivered.class, await(second.send()));
  }
}
