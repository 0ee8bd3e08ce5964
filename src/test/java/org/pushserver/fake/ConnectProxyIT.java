// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.ProxyOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The proxy and the name server do for a client that nobody here wrote what they should. */
class ConnectProxyIT {
  @TempDir Path dir;
  private final Vertx vertx = Vertx.vertx();
  private Vertx client;
  private TestTls tls;
  private FakeFcm fcm;
  private TinyDns dns;

  @BeforeEach
  void start() throws Exception {
    tls = TestTls.create(dir);
    fcm = await(new FakeFcm(vertx).start(tls));
    dns = await(new TinyDns(vertx, 0).start());
    client =
        Vertx.vertx(
            new VertxOptions()
                .setAddressResolverOptions(
                    new AddressResolverOptions().setServers(List.of(dns.server()))));
  }

  @AfterEach
  void stop() throws Exception {
    await(client.close());
    await(vertx.close());
  }

  private int post(String host, ProxyOptions proxy) throws Exception {
    HttpClient http =
        client.createHttpClient(
            new HttpClientOptions()
                .setSsl(true)
                .setVerifyHost(false)
                .setTrustOptions(tls.trust())
                .setProxyOptions(proxy));
    return await(
        http.request(HttpMethod.POST, fcm.port(), host, "/v1")
            .compose(request -> request.send("{}"))
            .map(response -> response.statusCode()));
  }

  private static ProxyOptions options(ConnectProxy proxy) {
    return new ProxyOptions().setHost("127.0.0.1").setPort(proxy.port());
  }

  @Test
  void aProxyMakesTunnels() throws Exception {
    ConnectProxy proxy = await(new ConnectProxy(vertx).start());
    assertEquals(200, post("localhost", options(proxy)));
    assertEquals(1, proxy.tunnels());
    assertEquals(List.of("localhost:" + fcm.port()), proxy.asked());
  }

  @Test
  void aProxyThatWantsAPasswordLetsNobodyThroughWithoutIt() throws Exception {
    ConnectProxy proxy = await(new ConnectProxy(vertx, "user", "secret").start());
    assertThrows(CompletionException.class, () -> post("localhost", options(proxy)));
    ProxyOptions known = options(proxy).setUsername("user").setPassword("secret");
    assertEquals(200, post("localhost", known));
    assertEquals(1, proxy.tunnels());
  }

  @Test
  void aProxyRefusesUntilItIsToldToAllow() throws Exception {
    ConnectProxy proxy = await(new ConnectProxy(vertx).start());
    proxy.refuse(502);
    assertThrows(CompletionException.class, () -> post("localhost", options(proxy)));
    proxy.allow();
    assertEquals(200, post("localhost", options(proxy)));
  }

  @Test
  void aNameLeadsWhereItsServerSaysNow() throws Exception {
    assertEquals(200, post("push.test", null));
    assertTrue(dns.queries() >= 1);
    dns.answer(2);
    assertThrows(CompletionException.class, () -> post("push.test", null));
    dns.answer(1);
    assertEquals(200, post("push.test", null));
  }
}
