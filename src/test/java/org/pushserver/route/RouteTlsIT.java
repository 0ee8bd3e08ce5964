// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.TestTls;
import org.pushserver.route.RouteOptions.Identity;
import org.pushserver.route.RouteOptions.Limits;
import org.pushserver.route.RouteOptions.Protocol;
import org.pushserver.route.RouteOptions.Target;
import org.pushserver.route.RouteOptions.WhenIdle;

/** With which peers a route speaks at all. */
class RouteTlsIT {
  private static final TestTls tls = TestTls.shared();

  private final ManualTime time = new ManualTime();
  @RegisterExtension private final EventLoops loops = new EventLoops();
  private final Vertx vertx = loops.vertx;
  private final Peer peer = new Peer(vertx);

  private static RouteOptions options(String host, int port, PemTrustOptions ca) {
    return options(new Target(host, port, Protocol.HTTP2), new Identity(ca, null));
  }

  private static RouteOptions options(Target target, Identity identity) {
    return new RouteOptions(
        "app", target, identity, WhenIdle.LET_GO, new Limits(Duration.ofSeconds(10), 1));
  }

  private RouteFixture route(RouteOptions options) {
    return new RouteFixture(options, vertx, time);
  }

  /** Why the first try to connect fails. */
  private String refusal(RouteOptions options) throws Exception {
    RouteFixture route = route(options);
    Future<Long> retry = time.untilTimer(delay -> delay <= 600);
    route.run(route.route()::open);
    await(retry);
    assertEquals(0, route.window());
    assertEquals(0, peer.requests().size());
    return route.problem();
  }

  private int start(HttpServerOptions options) throws Exception {
    return await(peer.start(options));
  }

  @Test
  void aCertificateThatNobodyTrustedIsRefused() throws Exception {
    int port = start(Peer.http2(tls.server(), 0));
    String why = refusal(options("localhost", port, null));
    assertTrue(why.contains("unable to find valid certification path"), why);
  }

  @Test
  void aCertificateForAnotherHostIsRefused() throws Exception {
    X509Bundle other =
        TestTls.valid()
            .subject("CN=push.example.com")
            .addSanDnsName("push.example.com")
            .buildIssuedBy(tls.authority());
    PemKeyCertOptions certificate =
        new PemKeyCertOptions()
            .addCertValue(Buffer.buffer(other.getCertificatePEM()))
            .addKeyValue(Buffer.buffer(other.getPrivateKeyPEM()));
    int port = start(Peer.http2(certificate, 0));
    String why = refusal(options("localhost", port, tls.trust()));
    assertTrue(why.contains("localhost"), why);
  }

  @Test
  void anAddressIsVerifiedLikeAName() throws Exception {
    int port = start(Peer.http2(tls.server(), 0));
    route(options("127.0.0.1", port, tls.trust())).open();
  }

  @Test
  void anExtraAuthorityIsTrustedBesidesTheSystems() throws Exception {
    TrustManagerFactory system =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    system.init((KeyStore) null);
    assertEquals(
        acceptedBy(system) + 1,
        acceptedBy(new SystemTrust(tls.trust()).getTrustManagerFactory(vertx)));
    int port = start(Peer.http2(tls.server(), 0));
    route(options("localhost", port, tls.trust())).open();
  }

  @Test
  void whoTrustsTheSameSharesIt() throws Exception {
    TrustManagerFactory first = new SystemTrust(tls.trust()).getTrustManagerFactory(vertx);
    TrustManagerFactory system = new SystemTrust(null).getTrustManagerFactory(vertx);
    assertSame(first, new SystemTrust(tls.trust()).getTrustManagerFactory(vertx));
    assertSame(system, new SystemTrust(null).getTrustManagerFactory(vertx));
    assertEquals(acceptedBy(system) + 1, acceptedBy(first));
  }

  @Test
  void aSessionOfWhoTrustsAPeerIsNoneForWhoDoesNot() throws Exception {
    int port = start(Peer.http2(tls.server(), 0));
    RouteFixture first = route(options("localhost", port, tls.trust()));
    first.open();
    // What resumes a session comes behind the handshake: with an answer it is there.
    assertEquals(200, await(first.post("/")).status());
    RouteFixture again = route(options("localhost", port, tls.trust()));
    again.open();
    assertEquals(200, await(again.post("/")).status());

    RouteFixture other = route(options("localhost", port, null));
    Future<Long> retry = time.untilTimer(delay -> delay <= 600);
    other.run(other.route()::open);
    await(retry);
    assertTrue(other.problem().contains("certification path"), other.problem());
    assertEquals(2, peer.requests().size());
  }

  @Test
  void aSessionOfWhoShowsNoCertificateIsNoneForWhoShowsOne() throws Exception {
    HttpServerOptions asking =
        Peer.http2(tls.server(), 0).setClientAuth(ClientAuth.REQUEST).setTrustOptions(tls.trust());
    int port = start(asking);
    RouteFixture nobody = route(options("localhost", port, tls.trust()));
    nobody.open();
    assertEquals(200, await(nobody.post("/")).status());
    RouteFixture known =
        route(
            options(
                new Target("localhost", port, Protocol.HTTP2),
                new Identity(tls.trust(), tls.client())));
    known.open();
    assertEquals(200, await(known.post("/")).status());
    RouteFixture nobodyElse = route(options("localhost", port, tls.trust()));
    nobodyElse.open();
    assertEquals(200, await(nobodyElse.post("/")).status());

    assertThrows(SSLPeerUnverifiedException.class, () -> shown(0));
    assertEquals(1, shown(1).length);
    assertThrows(SSLPeerUnverifiedException.class, () -> shown(2));
  }

  private Certificate[] shown(int request) throws SSLPeerUnverifiedException {
    return peer.requests().get(request).sslSession().getPeerCertificates();
  }

  @Test
  void tls11IsRefused() throws Exception {
    HttpServerOptions old =
        Peer.http2(tls.server(), 0).setEnabledSecureTransportProtocols(Set.of("TLSv1.1"));
    String why = refusal(options("localhost", start(old), tls.trust()));
    assertTrue(!why.isEmpty(), why);
  }

  @Test
  void aPeerThatDoesNotChooseHttp2IsRefused() throws Exception {
    HttpServerOptions http1 =
        Peer.http2(tls.server(), 0).setAlpnVersions(List.of(HttpVersion.HTTP_1_1));
    String why = refusal(options("localhost", start(http1), tls.trust()));
    assertTrue(why.contains("HTTP/2") || why.contains("application_protocol"), why);
  }

  @Test
  void aPeerThatKnowsNoAlpnIsRefused() throws Exception {
    HttpServerOptions http1 = Peer.http2(tls.server(), 0).setUseAlpn(false);
    String why = refusal(options("localhost", start(http1), tls.trust()));
    assertTrue(why.contains("does not speak HTTP/2"), why);
  }

  @Test
  void whereHttp1IsAllowedSuchAPeerGetsOneRequestAtATime() throws Exception {
    HttpServerOptions http1 = Peer.http2(tls.server(), 0).setUseAlpn(false);
    RouteFixture route =
        route(
            options(
                new Target("localhost", start(http1), Protocol.HTTP2_OR_HTTP1),
                new Identity(tls.trust(), null)));
    route.open();
    assertEquals(1, route.window());
    await(new Flood(route, 20).done());
    assertEquals(HttpVersion.HTTP_1_1, peer.requests().get(0).version());
    assertEquals(1, peer.connections().size());
  }

  @Test
  void withoutTlsARouteSpeaksHttp1AndKeepsItsConnection() throws Exception {
    int port = start(new HttpServerOptions().setHost("127.0.0.1").setPort(0));
    RouteFixture route =
        route(options(new Target("127.0.0.1", port, Protocol.PLAIN_HTTP1), Identity.NONE));
    route.open();
    await(new Flood(route, 20).done());
    assertEquals(20, peer.requests().size());
    assertEquals(1, peer.connections().size());
  }

  @Test
  void overHttp1AnEndlessAnswerCostsTheConnection() throws Exception {
    int port = start(new HttpServerOptions().setHost("127.0.0.1").setPort(0));
    RouteFixture route =
        route(options(new Target("127.0.0.1", port, Protocol.PLAIN_HTTP1), Identity.NONE));
    peer.does(
        request ->
            request.response().setStatusCode(503).end("x".repeat(BoundedBody.MOST_BYTES + 1)));
    route.open();
    Reply reply = await(route.post("/"));
    assertEquals(503, reply.status());
    assertEquals(0, reply.body().length());
    peer.does(Peer::ok);
    route.untilConnectionIsUsed(reply.connection() + 1);
    route.untilWindow(window -> window == 1);
    assertEquals("{}", await(route.post("/")).body().toString());
  }

  @Test
  void aClientCertificateIsShownToAPeerThatAsksForOne() throws Exception {
    HttpServerOptions asking =
        Peer.http2(tls.server(), 0).setClientAuth(ClientAuth.REQUIRED).setTrustOptions(tls.trust());
    RouteFixture route =
        route(
            options(
                new Target("localhost", start(asking), Protocol.HTTP2),
                new Identity(tls.trust(), tls.client())));
    route.open();
    assertEquals(200, await(route.post("/")).status());
    assertNotNull(peer.requests().get(0).sslSession().getPeerCertificates()[0]);
  }

  @Test
  void aPeerThatChoosesHttp2AndThenSaysNothingIsGivenUp() throws Exception {
    Promise<NetSocket> accepted = Promise.promise();
    Promise<Void> dropped = Promise.promise();
    NetServerOptions options =
        new NetServerOptions().setSsl(true).setKeyCertOptions(tls.server()).setUseAlpn(true);
    options.getSslOptions().setApplicationLayerProtocols(List.of("h2"));
    NetServer mute =
        await(
            vertx
                .createNetServer(options)
                .connectHandler(
                    socket -> {
                      socket.closeHandler(closed -> dropped.tryComplete());
                      // Its preface: the client is past TLS and waits for ours.
                      socket.handler(preface -> accepted.tryComplete(socket));
                    })
                .listen(0, "127.0.0.1"));
    RouteFixture route = route(options("localhost", mute.actualPort(), tls.trust()));
    route.run(route.route()::open);
    await(accepted.future());
    Future<Long> retry = time.untilTimer(delay -> delay <= 600);
    time.advance(Duration.ofSeconds(20));
    await(retry);
    await(dropped.future());
    assertTrue(route.problem().contains("no connection in 20000 ms"), route.problem());
  }

  private static int acceptedBy(TrustManagerFactory factory) {
    return Arrays.stream(factory.getTrustManagers())
        .mapToInt(manager -> ((X509TrustManager) manager).getAcceptedIssuers().length)
        .sum();
  }
}
