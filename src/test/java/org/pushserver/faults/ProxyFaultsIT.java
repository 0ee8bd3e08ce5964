// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.awaitAll;
import static org.pushserver.faults.FaultFixture.ANDROID;
import static org.pushserver.faults.FaultFixture.PHONE;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.fake.ApnsCall;
import org.pushserver.fake.ApnsPeer;
import org.pushserver.fake.ConnectProxy;
import org.pushserver.fake.FakeFcm;
import org.pushserver.fake.Relay;
import org.pushserver.fake.TestAccount;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.spi.Delivery;

/** Between us and the push service stands a proxy, and does not do what it is for. */
class ProxyFaultsIT {
  @TempDir static Path dir;
  @RegisterExtension private final FaultFixture fixture = new FaultFixture();
  private ApnsPeer apns;
  private ConnectProxy proxy;
  private Relay relay;
  private Map<String, String> throughProxy;

  @BeforeEach
  void prepare() throws Exception {
    apns = fixture.apns(1000);
    proxy = await(new ConnectProxy(fixture.peers, "us", "secret").start());
    relay = fixture.relay(proxy.port());
    throughProxy = Map.of("proxy_url", "http://us:secret@127.0.0.1:" + relay.port());
  }

  private List<Future<Outcome>> start() throws Exception {
    fixture.start(fixture.apple(PHONE, apns.port(), throughProxy));
    return fixture.sendAll(fixture.rings(100));
  }

  private void delivered(List<Future<Outcome>> ends, int attempts) throws Exception {
    fixture.passUntil(Future.all(ends));
    for (Outcome end : awaitAll(ends)) {
      assertEquals(Result.DELIVERED, end.result());
      assertEquals(attempts, end.attempts());
    }
    fixture.balance();
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 407, 502})
  void pushesWaitWhileTheProxyRefuses(int status) throws Exception {
    proxy.refuse(status);
    List<Future<Outcome>> ends = start();
    fixture.passUntil(relay.untilAccepted(3));
    assertTrue(ends.stream().noneMatch(Future::isComplete));
    proxy.allow();
    delivered(ends, 1);
    assertEquals(1, apns.connections());
  }

  @Test
  void pushesWaitWhileThereIsNoProxy() throws Exception {
    await(relay.refuse());
    List<Future<Outcome>> ends = start();
    fixture.turn();
    await(relay.accept());
    delivered(ends, 1);
  }

  @Test
  void pushesWaitWhileTheProxySaysNothing() throws Exception {
    await(relay.drop());
    List<Future<Outcome>> ends = start();
    await(relay.untilAccepted(1));
    await(relay.forward());
    delivered(ends, 1);
  }

  @Test
  void aTunnelThatBreaksIsReplacedByAnother() throws Exception {
    awaitAll(start());
    apns.does(ApnsCall::keep);
    List<Future<Outcome>> ends = fixture.sendAll(fixture.rings(100));
    await(apns.ledger().untilArrivals(200));
    apns.does(ApnsCall::take);
    await(relay.cut());
    delivered(ends, 2);
    assertEquals(2, proxy.tunnels());
    assertEquals(2, apns.connections());
  }

  @Test
  void theWayToTheTokenServerWaitsForTheProxyToo() throws Exception {
    FakeFcm fcm = fixture.fcm();
    String url = "https://localhost:" + fcm.port();
    Path account =
        TestAccount.create().write(dir.resolve("account.json"), url + FakeFcm.TOKEN_PATH);
    proxy.refuse(403);
    fixture.start(
        fixture.config(
            ANDROID,
            Map.of(
                "firebase_authorization_file", account.toString(),
                "firebase_push_url", url,
                "firebase_ca_file", fixture.tls.ca().toString()),
            throughProxy,
            Delivery.DEFAULT));
    List<Future<Outcome>> ends =
        fixture.sendAll(
            IntStream.range(0, 100)
                .mapToObj(i -> fixture.books.ring(ANDROID, fixture.time.now()))
                .toList());
    fixture.passUntil(relay.untilAccepted(4));
    assertEquals(0, fcm.tokenRequests().size());
    proxy.allow();
    delivered(ends, 1);
    assertEquals(1, fcm.tokenRequests().size());
    assertEquals(2, proxy.tunnels());
  }
}
