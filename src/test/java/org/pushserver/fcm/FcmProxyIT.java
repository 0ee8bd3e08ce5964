// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.ConnectProxy;
import org.pushserver.fake.FakeFcm;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.TestAccount;
import org.pushserver.fake.TestTls;
import org.pushserver.push.Answer;
import org.pushserver.spi.Condition;
import org.pushserver.spi.ConfigException;

/** Firebase and its token server behind a proxy, under a name that only the proxy can look up. */
class FcmProxyIT {
  @TempDir private static Path folder;
  private static final TestTls tls = TestTls.shared();
  private static final TestAccount account = TestAccount.shared();

  private final ManualTime time = new ManualTime();
  private Vertx vertx;
  private Vertx outside;
  private FakeFcm fcm;
  private ConnectProxy proxy;

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    outside = Vertx.vertx(ConnectProxy.whoKnows(TestTls.NAME));
    fcm = await(new FakeFcm(outside).start(tls));
    proxy = await(new ConnectProxy(outside, "us", "secret").start());
  }

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
    await(outside.close());
  }

  private Map<String, String> settings(String url) throws Exception {
    Path file = account.write(folder.resolve("account.json"), url + FakeFcm.TOKEN_PATH);
    return new HashMap<>(
        Map.of(
            FcmSettings.AUTHORIZATION_FILE,
            file.toString(),
            FcmSettings.PUSH_URL,
            url,
            FcmSettings.CA_FILE,
            tls.ca().toString(),
            "proxy_url",
            "http://us:secret@" + proxy.address()));
  }

  private FcmFixture service(Map<String, String> settings) throws Exception {
    return new FcmFixture(
        new FcmProvider().create(FcmFixture.config(folder, settings), warning -> {}), vertx, time);
  }

  private String url() {
    return "https://" + TestTls.NAME + ':' + fcm.port();
  }

  @Test
  void pushesAndTokensGoThroughTunnels() throws Exception {
    FcmFixture service = service(settings(url()));
    service.ready();
    assertInstanceOf(Answer.Delivered.class, await(service.send()));
    String target = TestTls.NAME + ':' + fcm.port();
    assertEquals(List.of(target, target), proxy.asked());
    assertEquals(2, proxy.tunnels());
    assertEquals(1, fcm.tokenRequests().size());
    service.close();
  }

  @Test
  void aProxyThatRefusesTheTokenServerIsNamedAndAskedAgain() throws Exception {
    Map<String, String> settings = settings(url());
    settings.put("proxy_url", "http://us:wrong@" + proxy.address());
    FcmFixture service = service(settings);
    service.open();
    await(service.conditionIs(condition -> condition.reason().contains("token server")));
    String why = service.condition().reason();
    assertTrue(why.contains("the proxy " + proxy.address()), why);
    assertTrue(why.contains("answered 407 Proxy Authentication Required"), why);
    assertEquals(0, service.window());
    assertEquals(List.of(), fcm.tokenRequests());
    service.close();
  }

  @Test
  void aProxyThatRefusesAndThenAcceptsLetsThePushesThrough() throws Exception {
    proxy.refuse(503);
    FcmFixture service = service(settings(url()));
    service.open();
    await(service.conditionIs(condition -> condition.reason().contains("token server")));
    proxy.allow();
    time.advance(Duration.ofSeconds(1));
    await(service.conditionIs(condition -> !condition.reason().contains("token server")));
    // The route, too, was refused, or came late enough to be let through.
    await(
        service.conditionIs(
            condition ->
                condition.state() == Condition.State.CONNECTED
                    || condition.reason().contains("answered 503")));
    time.advance(Duration.ofSeconds(1));
    await(service.windowIs(window -> window > 0));
    assertInstanceOf(Answer.Delivered.class, await(service.send()));
    service.close();
  }

  @Test
  void plainHttpAndAProxyExcludeEachOther() throws Exception {
    Map<String, String> settings = settings("http://127.0.0.1:" + fcm.port());
    List<String> problems =
        assertThrows(
                ConfigException.class,
                () -> FcmSettings.read(FcmFixture.config(folder, settings), warning -> {}))
            .problems()
            .stream()
            .map(Object::toString)
            .toList();
    assertEquals(2, problems.size());
    assertTrue(problems.get(0).contains("proxy_url"), problems.get(0));
    assertTrue(problems.get(0).contains("firebase_push_url"), problems.get(0));
    assertTrue(problems.get(1).contains("token_uri"), problems.get(1));
  }
}
