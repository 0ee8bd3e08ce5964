// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.fake.ConnectProxy;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.TestTls;
import org.pushserver.route.RouteOptions.Identity;
import org.pushserver.route.RouteOptions.Limits;
import org.pushserver.route.RouteOptions.Protocol;
import org.pushserver.route.RouteOptions.Target;
import org.pushserver.route.RouteOptions.WhenIdle;

/** A route through a proxy, to a name that nobody but the proxy can look up. */
class RouteProxyIT {
  private static final TestTls tls = TestTls.shared();

  private final ManualTime time = new ManualTime();
  private Vertx vertx;
  private Vertx outside;
  private final List<RouteFixture> routes = new ArrayList<>();
  private Peer peer;
  private int port;

  @BeforeEach
  void start() throws Exception {
    vertx = RouteFixture.vertx();
    outside = Vertx.vertx(ConnectProxy.whoKnows(TestTls.NAME));
    peer = new Peer(outside);
    port = await(peer.start(Peer.http2(tls.server(), 0)));
  }

  @AfterEach
  void stop() throws Exception {
    for (RouteFixture route : routes) {
      await(route.start(route.route()::close));
    }
    await(vertx.close());
    await(outside.close());
  }

  private RouteFixture route(String proxy, Identity identity) {
    RouteFixture route =
        new RouteFixture(
            new RouteOptions(
                "app",
                new Target(TestTls.NAME, port, Protocol.HTTP2, Proxy.parse("http://" + proxy)),
                identity,
                WhenIdle.PING,
                new Limits(Duration.ofSeconds(10), 1)),
            vertx,
            time);
    routes.add(route);
    return route;
  }

  private RouteFixture route(String proxy) {
    return route(proxy, new Identity(tls.trust(), null));
  }

  private String target() {
    return TestTls.NAME + ':' + port;
  }

  /** Why the first try to connect fails. */
  private String refusal(RouteFixture route) throws Exception {
    Future<Long> retry = time.untilTimer(delay -> delay <= 600);
    route.run(route.route()::open);
    await(retry);
    assertEquals(0, route.window());
    assertEquals(0, peer.requests().size());
    return route.problem();
  }

  @Test
  void theProxyLooksUpTheNameAndCarriesEverything() throws Exception {
    ConnectProxy proxy = await(new ConnectProxy(outside).start());
    RouteFixture route = route(proxy.address());
    route.open();
    assertEquals(200, await(route.post("/3/device/a")).status());
    assertEquals(List.of(target()), proxy.asked());
    assertEquals(1, proxy.tunnels());
    assertEquals(1, peer.connections().size());
  }

  @Test
  void userAndPasswordAreShownToTheProxy() throws Exception {
    ConnectProxy proxy = await(new ConnectProxy(outside, "us@example.com", "p:ä ss%").start());
    RouteFixture route = route("us%40example.com:p%3A%C3%A4%20ss%25@" + proxy.address());
    route.open();
    assertEquals(200, await(route.post("/")).status());
    assertEquals(1, proxy.tunnels());
  }

  @Test
  void aWrongPasswordIsToldWithoutIt() throws Exception {
    ConnectProxy proxy = await(new ConnectProxy(outside, "us", "right").start());
    String why = refusal(route("us:wrong@" + proxy.address()));
    assertEquals(
        "the proxy "
            + proxy.address()
            + " made no tunnel to "
            + target()
            + " but answered 407 Proxy Authentication Required; check user and password in"
            + " proxy_url",
        why);
    assertEquals(0, peer.connections().size());
  }

  @ParameterizedTest
  @CsvSource({"403, 403 Forbidden", "502, 502 Bad Gateway", "503, 503 Service Unavailable"})
  void aProxyThatRefusesIsAskedAgainUntilItAccepts(int status, String said) throws Exception {
    ConnectProxy proxy = await(new ConnectProxy(outside).start());
    proxy.refuse(status);
    RouteFixture route = route(proxy.address());
    String why = refusal(route);
    assertTrue(why.startsWith("the proxy " + proxy.address()), why);
    assertTrue(why.endsWith("answered " + said), why);
    proxy.allow();
    time.advance(Duration.ofMillis(600));
    route.untilWindow(window -> window == 10);
    assertEquals(List.of(target(), target()), proxy.asked());
    assertEquals(1, peer.connections().size());
  }

  @Test
  void aProxyThatIsNotThereIsNamedAndNotGoneAround() throws Exception {
    ConnectProxy proxy = await(new ConnectProxy(outside).start());
    String address = proxy.address();
    await(proxy.stop());
    String why = refusal(route(address));
    assertTrue(why.startsWith("cannot reach the proxy " + address + ": "), why);
    assertEquals(0, peer.connections().size());
  }

  @Test
  void aProxyThatNeverAnswersIsGivenUp() throws Exception {
    Promise<Void> asked = Promise.promise();
    RouteFixture route = route(listen(asked, ""));
    Future<Long> retry = time.untilTimer(delay -> delay <= 600);
    route.run(route.route()::open);
    await(asked.future());
    time.advance(Duration.ofSeconds(20));
    await(retry);
    String why = route.problem();
    assertTrue(why.matches("through the proxy \\S+: no connection in 20000 ms"), why);
  }

  @ParameterizedTest
  @CsvSource({"HTTP/1.1 200 x, disconnected", "rubbish, ''"})
  void aProxyThatSaysSomethingElseIsNamed(String answer, String said) throws Exception {
    String address = listen(Promise.promise(), answer + "\r\n");
    String why = refusal(route(address));
    assertTrue(why.startsWith("the proxy " + address + " made no tunnel to " + target()), why);
    assertTrue(why.endsWith(said), why);
  }

  /** A proxy that answers so and hangs up; or does neither, when the answer is empty. */
  private String listen(Promise<Void> asked, String answer) throws Exception {
    NetServer server =
        await(
            outside
                .createNetServer()
                .connectHandler(
                    socket ->
                        socket.handler(
                            request -> {
                              asked.tryComplete();
                              if (!answer.isEmpty()) {
                                socket.end(Buffer.buffer(answer));
                              }
                            }))
                .listen(0, "127.0.0.1"));
    return "127.0.0.1:" + server.actualPort();
  }

  @Test
  void aPeerIsVerifiedThroughTheTunnelAsWithoutOne() throws Exception {
    ConnectProxy proxy = await(new ConnectProxy(outside).start());
    String why = refusal(route(proxy.address(), Identity.NONE));
    assertTrue(why.startsWith("through the proxy " + proxy.address()), why);
    assertTrue(why.contains("unable to find valid certification path"), why);
    assertFalse(proxy.asked().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 201 Created", "HTTP/1.0 299 x"})
  void anySuccessOfAProxyIsATunnel(String status) throws Exception {
    NetClient net = outside.createNetClient();
    NetServer proxy =
        await(
            outside
                .createNetServer()
                .connectHandler(client -> tunnel(net, client, status + "\r\n\r\n"))
                .listen(0, "127.0.0.1"));
    RouteFixture route = route("127.0.0.1:" + proxy.actualPort());
    route.open();
    assertEquals(200, await(route.post("/")).status());
  }

  private void tunnel(NetClient net, NetSocket client, String answer) {
    client.handler(
        connect -> {
          client.pause();
          net.connect(port, "127.0.0.1")
              .onSuccess(
                  peerSide -> {
                    peerSide.handler(client::write);
                    client.handler(peerSide::write);
                    client.closeHandler(closed -> peerSide.close());
                    client.write(answer);
                    client.resume();
                  });
        });
  }
}
