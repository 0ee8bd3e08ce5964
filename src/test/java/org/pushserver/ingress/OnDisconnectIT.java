// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.until;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.api.SampleRequest;
import org.pushserver.api.ScriptedDispatcher;
import org.pushserver.config.Access;
import org.pushserver.config.Limits;
import org.pushserver.config.ServerSettings;
import org.pushserver.config.Tls;
import org.pushserver.fake.LogTrail;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;

/** Clients that go away before their push has ended. */
class OnDisconnectIT {
  private final ScriptedDispatcher dispatcher = ScriptedDispatcher.withSamples();
  private final Promise<Outcome> end = Promise.promise();
  private final CompletableFuture<Push> arrived = new CompletableFuture<>();
  private final LogTrail log = new LogTrail();
  private final Vertx vertx = Vertx.vertx();

  OnDisconnectIT() {
    dispatcher.deliverWith(
        push -> {
          arrived.complete(push);
          return end.future();
        });
  }

  @AfterEach
  void close() {
    log.close();
    await(vertx.close());
  }

  private static ServerSettings settings(Tls tls, boolean cancels) {
    ServerSettings usual = TestIngress.settings(tls, true, Access.OPEN, Limits.DEFAULT);
    return new ServerSettings(
        usual.host(),
        usual.port(),
        usual.tls(),
        true,
        cancels,
        usual.access(),
        usual.limits(),
        usual.log(),
        usual.drainTimeout(),
        usual.queueMemory(),
        usual.admin(),
        usual.bus(),
        usual.doors(),
        usual.hep(),
        usual.acks(),
        usual.trail(),
        usual.console(),
        usual.cassandra(),
        usual.cluster(),
        usual.tokens());
  }

  private TestIngress door(boolean cancels) {
    return TestIngress.open(dispatcher, settings(null, cancels));
  }

  @CanIgnoreReturnValue
  private static <T> T soon(CompletableFuture<T> future) {
    return future.orTimeout(20, TimeUnit.SECONDS).join();
  }

  private void assertCancelled(TestIngress door) throws Exception {
    until(() -> dispatcher.pushes().size() == 2, () -> "not cancelled: " + log.lines());
    Push cancel = dispatcher.pushes().get(1);
    assertEquals(Event.CANCEL, cancel.event());
    assertEquals(soon(arrived).callId(), cancel.callId());
    assertEquals("timeout", cancel.details().reason());
    assertTrue(
        log.lines().stream().anyMatch(line -> line.startsWith("gone ")), log.lines()::toString);
    assertEquals(1, door.counts.get("pushserver.callers.gone").counter().count());
    end.complete(ScriptedDispatcher.DELIVERED);
  }

  private void untilNoConnection(TestIngress door) throws Exception {
    until(() -> door.ingress.connections() == 0, () -> "still open");
  }

  private static HttpClientRequest ask(HttpClient client, TestIngress door) {
    HttpClientRequest request =
        await(client.request(HttpMethod.POST, door.port(), "127.0.0.1", "/push"));
    await(request.end(Buffer.buffer(SampleRequest.firebase().bytes())));
    return request;
  }

  @Test
  void aConnectionThatIsClosedCancelsItsRing() throws Exception {
    try (TestIngress door = door(true)) {
      RawClient client = new RawClient(door.port());
      client.send(RawClient.post("/push", SampleRequest.firebase().bytes()));
      assertEquals(Event.INCOMING_SESSION, soon(arrived).event());
      client.close();
      assertCancelled(door);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void overHttp2AStreamThatIsResetCancelsItsRingAndSoDoesTheEndOfTheConnection(boolean reset)
      throws Exception {
    IngressTls tls = IngressTls.create();
    try (TestIngress door =
        TestIngress.open(dispatcher, settings(IngressTls.tls(tls.certify("door")), true))) {
      HttpClient client =
          vertx.createHttpClient(
              new HttpClientOptions()
                  .setProtocolVersion(HttpVersion.HTTP_2)
                  .setSsl(true)
                  .setUseAlpn(true)
                  .setVerifyHost(false)
                  .setTrustAll(true));
      HttpClientRequest request = ask(client, door);
      assertEquals(HttpVersion.HTTP_2, request.version());
      assertEquals(Event.INCOMING_SESSION, soon(arrived).event());
      if (reset) {
        await(request.reset());
      } else {
        await(request.connection().close());
      }
      assertCancelled(door);
    }
  }

  @Test
  void usuallyNothingIsDone() throws Exception {
    try (TestIngress door = door(false)) {
      RawClient client = new RawClient(door.port());
      client.send(RawClient.post("/push", SampleRequest.firebase().bytes()));
      soon(arrived);
      client.close();
      untilNoConnection(door);
      assertEquals(1, dispatcher.pushes().size());
      end.complete(ScriptedDispatcher.DELIVERED);
    }
  }

  @ParameterizedTest
  @EnumSource(Fate.class)
  void aRingThatSomebodyElseWantsAndOtherPushesGoOn(Fate fate) throws Exception {
    dispatcher.wanted(fate == Fate.WANTED);
    SampleRequest request = SampleRequest.firebase();
    if (fate == Fate.MESSAGE) {
      request = request.withText("event", "message");
    } else if (fate == Fate.WITHOUT_CALL_ID) {
      request = request.withText("call-id", "");
    }
    try (TestIngress door = door(true)) {
      RawClient client = new RawClient(door.port());
      client.send(RawClient.post("/push", request.bytes()));
      soon(arrived);
      client.close();
      untilNoConnection(door);
      assertEquals(1, dispatcher.pushes().size());
      end.complete(ScriptedDispatcher.DELIVERED);
    }
  }

  /** Why nothing is cancelled. */
  enum Fate {
    WANTED,
    MESSAGE,
    WITHOUT_CALL_ID
  }

  @Test
  void whoHasItsAnswerMayGo() throws Exception {
    try (TestIngress door = door(true)) {
      RawClient client = new RawClient(door.port());
      Future<Long> timer = door.time.untilTimer(delay -> delay == 50);
      client.send(RawClient.post("/push", SampleRequest.firebase().with("wait", "0.05").bytes()));
      await(timer);
      await(door.time.advance(Duration.ofMillis(50)));
      assertEquals(202, client.receive().status());
      client.close();
      untilNoConnection(door);
      assertEquals(1, dispatcher.pushes().size());
      end.complete(ScriptedDispatcher.DELIVERED);
    }
  }
}
