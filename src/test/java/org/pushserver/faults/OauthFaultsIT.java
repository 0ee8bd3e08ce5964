// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.awaitAll;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.FakeFcm;
import org.pushserver.fake.FakeFcm.Reply;
import org.pushserver.fake.Relay;
import org.pushserver.fake.TestAccount;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.spi.Delivery;

/** Firebase is there, but Google's token server is not, or not in its right mind. */
class OauthFaultsIT {
  /** Where no request may time out, however slow this machine is while time is moved by hand. */
  private static final Duration PATIENT = Duration.ofMinutes(2);

  @TempDir static Path dir;
  private static final TestAccount account = TestAccount.shared();

  @RegisterExtension private final FaultFixture fixture = new FaultFixture();
  private FakeFcm fcm;
  private Relay oauth;

  @BeforeEach
  void prepare() throws Exception {
    fcm = fixture.fcm();
    oauth = fixture.relay(fcm.port());
  }

  private void start(Duration requestTimeout) throws Exception {
    Path file =
        account.write(
            dir.resolve("account.json"), "https://localhost:" + oauth.port() + FakeFcm.TOKEN_PATH);
    fixture.start(
        fixture.config(
            FaultFixture.ANDROID,
            Map.of(
                "firebase_authorization_file", file.toString(),
                "firebase_push_url", "https://localhost:" + fcm.port(),
                "firebase_ca_file", fixture.tls.ca().toString()),
            Map.of(),
            new Delivery(Duration.ofSeconds(64), Duration.ofHours(2), requestTimeout, 1000, 4)));
  }

  private List<Future<Outcome>> send(int count) {
    List<Push> rings =
        IntStream.range(0, count)
            .mapToObj(i -> fixture.books.ring(FaultFixture.ANDROID, fixture.time.now()))
            .toList();
    return fixture.sendAll(rings);
  }

  private void delivered(List<Future<Outcome>> ends) throws Exception {
    fixture.passUntil(Future.all(ends));
    for (Outcome end : awaitAll(ends)) {
      assertEquals(Result.DELIVERED, end.result());
      assertEquals(1, end.attempts());
    }
    fixture.balance();
  }

  @Test
  void pushesWaitWhileTheTokenServerIsDown() throws Exception {
    await(oauth.refuse());
    start(PATIENT);
    List<Future<Outcome>> ends = send(100);
    await(fixture.time.advance(Duration.ofSeconds(5)));
    assertEquals(0, fcm.pushes().size());
    await(oauth.accept());
    delivered(ends);
    assertEquals(1, fcm.tokenRequests().size());
  }

  @Test
  void pushesWaitForATokenServerThatIsSlow() throws Exception {
    Promise<Reply> slow = Promise.promise();
    fcm.nextToken(slow.future());
    start(PATIENT);
    List<Future<Outcome>> ends = send(100);
    await(fcm.untilTokenRequests(1));
    await(fixture.time.advance(Duration.ofSeconds(20)));
    assertEquals(0, fcm.pushes().size());
    slow.complete(FakeFcm.token("token-late", 3600));
    delivered(ends);
    assertEquals(1, fcm.tokenRequests().size());
    assertEquals("Bearer token-late", fcm.pushes().get(0).authorization());
  }

  @Test
  void aTokenServerThatIsTooSlowIsAskedAgain() throws Exception {
    fcm.nextToken(Promise.<Reply>promise().future());
    start(Duration.ofSeconds(10));
    List<Future<Outcome>> ends = send(100);
    fixture.passUntil(fcm.untilTokenRequests(2));
    awaitAll(ends);
    delivered(ends);
  }

  @Test
  void pushesWaitWhileTheTokenServerTalksRubbish() throws Exception {
    fcm.nextToken(new Reply(200, "<html>Welcome to this hotel</html>"));
    fcm.nextToken(new Reply(200, "{\"expires_in\": 3600}"));
    fcm.nextToken(new Reply(200, "{\"access_token\": \"a b\\n\", \"expires_in\": 3600}"));
    start(PATIENT);
    delivered(send(100));
    assertEquals(4, fcm.tokenRequests().size());
  }

  @Test
  @Timeout(30)
  void anAccountThatIsRefusedAnswersItsPushesAndRecoversByItself() throws Exception {
    Reply refusal = new Reply(400, "{\"error\": \"invalid_grant\"}");
    fcm.nextToken(refusal);
    fcm.nextToken(refusal);
    start(PATIENT);
    List<Future<Outcome>> ends = send(20);
    fixture.passUntil(Future.all(ends));
    for (Outcome end : awaitAll(ends)) {
      assertEquals(Result.REFUSED, end.result());
      assertEquals(401, end.response().code());
    }
    assertEquals(2, fcm.tokenRequests().size());
    await(fixture.time.advance(Duration.ofSeconds(50)));
    await(fixture.time.advance(Duration.ofSeconds(25)));
    await(fcm.untilTokenRequests(3));
    // That somebody asked for a token tells nothing of who has it already.
    while (awaitAll(send(1)).get(0).result() != Result.DELIVERED) {
      fixture.turn();
    }
    assertTrue(awaitAll(send(20)).stream().allMatch(end -> end.result() == Result.DELIVERED));
    fixture.balance();
  }
}
