// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.api.SampleRequest;
import org.pushserver.api.ScriptedDispatcher;
import org.pushserver.config.Access;
import org.pushserver.config.AddressList;
import org.pushserver.config.ApiKey;
import org.pushserver.config.ApiKeys;
import org.pushserver.config.KeyHash;
import org.pushserver.config.Limits;
import org.pushserver.config.ListenAddress;
import org.pushserver.config.Rate;
import org.pushserver.config.Right;
import org.pushserver.config.ServerSettings;
import org.pushserver.push.AppKey;

/** Keys, proxies and rates, as a client meets them; and that a reload changes them at once. */
@Timeout(60)
class AccessControlIT {
  private static final String KEY = KeyHash.newKey();
  private static final String NARROW_KEY = KeyHash.newKey();
  private static final String SEARCH_KEY = KeyHash.newKey();
  private static final String DOMAIN_KEY = KeyHash.newKey();
  private static final ApiKeys KEYS =
      ApiKeys.of(
          List.of(
              new ApiKey("desk", hash(SEARCH_KEY), true, Set.of(), Set.of(), Set.of(Right.SEARCH)),
              new ApiKey("wide", hash(KEY), true, Set.of(), Set.of()),
              new ApiKey(
                  "tenant",
                  hash(DOMAIN_KEY),
                  true,
                  Set.of(),
                  Set.of(),
                  Set.of(Right.values()),
                  Set.of("example.com")),
              new ApiKey(
                  "narrow",
                  hash(NARROW_KEY),
                  false,
                  Set.of("org.example.lin"),
                  Set.of(new AppKey("com.example.phone", AppKey.APPLE)))));

  @RegisterExtension
  private final TestIngress door = TestIngress.open(ScriptedDispatcher.withSamples());

  private final HttpClient http = HttpClient.newHttpClient();
  private RawClient client;

  private static String hash(String key) {
    return HexFormat.of().formatHex(new KeyHash().of(key));
  }

  @BeforeEach
  void open() throws IOException {
    client = new RawClient(door.port());
  }

  @AfterEach
  void close() throws IOException {
    client.close();
  }

  private void apply(Access access, Limits limits) {
    ServerSettings settings = TestIngress.settings(null, true, access, limits);
    assertEquals(List.of(), await(door.apply(settings)));
  }

  private void needKeys() {
    apply(new Access(AddressList.ALL, AddressList.NONE, KEYS), Limits.DEFAULT);
  }

  private void behindProxies(String allowed, String proxies) {
    apply(
        new Access(AddressList.parse(allowed), AddressList.parse(proxies), ApiKeys.OPEN),
        Limits.DEFAULT);
  }

  private void limit(int perSecond, int burst, Access access) {
    Limits standard = Limits.DEFAULT;
    apply(
        access,
        new Limits(
            standard.maxBody(),
            standard.maxHeaders(),
            standard.idleTimeout(),
            standard.maxClients(),
            standard.maxDepth(),
            standard.maxString(),
            standard.maxResets(),
            standard.maxRequests(),
            new Rate(perSecond, burst)));
  }

  private RawClient.Answer post(SampleRequest request, String... headers) throws IOException {
    String body = request.toString();
    StringBuilder text = new StringBuilder("POST /push HTTP/1.1\r\nHost: door\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    text.append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body);
    return client.exchange(text.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  private int push(String... headers) throws IOException {
    return post(SampleRequest.apple(), headers).status();
  }

  @Test
  void aKnownKeyOpensTheDoorInEitherHeader() throws IOException {
    needKeys();
    assertEquals(200, push("Authorization: Bearer " + KEY));
    assertEquals(200, push("authorization: bearer   " + KEY));
    assertEquals(200, push("X-Api-Key: " + KEY));
    assertEquals(200, push("Authorization: Basic YTpi", "x-api-key: " + KEY));
  }

  @Test
  void aKeyThatIsForSomethingElseSendsNoPush() throws IOException {
    needKeys();
    RawClient.Answer answer = post(SampleRequest.apple(), "X-Api-Key: " + SEARCH_KEY);
    assertEquals(403, answer.status());
    assertTrue(answer.body().contains("API key 'desk' has no right 'push'"), answer::body);
    assertEquals(0, door.dispatcher.pushes().size());
  }

  @Test
  void aKeyThatIsLimitedToDomainsReachesNoPhoneByItsToken() throws IOException {
    needKeys();
    for (SampleRequest request :
        List.of(
            SampleRequest.apple(),
            SampleRequest.apple().withText("account", "alice@example.com"),
            SampleRequest.apple().withText("to", "alice@example.com"),
            SampleRequest.apple().withText("event", "cancel"))) {
      RawClient.Answer answer = post(request, "X-Api-Key: " + DOMAIN_KEY);
      assertEquals(403, answer.status());
      assertTrue(
          answer.body().contains("API key 'tenant' is limited to accounts of some domains"),
          answer::body);
    }
    assertEquals(0, door.dispatcher.pushes().size());
  }

  private HttpResponse<String> v2(String method, String path, String key) throws Exception {
    String body =
        SampleRequest.apple()
            .withText("device-id", "d1")
            .withText("account", "a@example.com")
            .toString();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + "/v2/tokens/" + path))
            .header("x-api-key", key)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private int v2Status(String method, String path, String key) throws Exception {
    return v2(method, path, key).statusCode();
  }

  @Test
  void aKeyThatIsLimitedToDomainsIsForTheirAccountsAlone() throws Exception {
    needKeys();
    for (String own : List.of("a@example.com", "sip:a@EXAMPLE.com", "a%40example.com")) {
      assertEquals(200, v2Status("POST", own, DOMAIN_KEY));
      assertEquals(200, v2Status("GET", own, DOMAIN_KEY));
      assertEquals(200, v2Status("POST", own + "/push", DOMAIN_KEY));
      assertEquals(200, v2Status("POST", own + "/push/d1", DOMAIN_KEY));
      assertEquals(200, v2Status("DELETE", own, DOMAIN_KEY));
    }
    int pushes = door.dispatcher.pushes().size();
    for (String other :
        List.of(
            "a@example.net",
            "a",
            "a@example.com@example.net",
            "a@example.net%40example.com",
            "a@example.com%00",
            "a@example.com.",
            "sip:a@example.net",
            "sip:sip:a@example.com:5060")) {
      for (String method : List.of("POST", "DELETE", "GET")) {
        HttpResponse<String> answer = v2(method, other, DOMAIN_KEY);
        assertTrue(Set.of(400, 403).contains(answer.statusCode()), answer::body);
      }
      for (String push : List.of("/push", "/push/d1")) {
        HttpResponse<String> answer = v2("POST", other + push, DOMAIN_KEY);
        assertTrue(Set.of(400, 403).contains(answer.statusCode()), answer::body);
      }
    }
    assertEquals(pushes, door.dispatcher.pushes().size());
    assertEquals(List.of(), door.tokens.stored());
  }

  @Test
  void aKeyWithoutTheRightStoresListsAndRemovesNothing() throws Exception {
    needKeys();
    for (String method : List.of("POST", "DELETE", "GET")) {
      HttpResponse<String> answer = v2(method, "a@example.com", KEY);
      assertEquals(403, answer.statusCode());
      assertTrue(answer.body().contains("has no right 'tokens'"), answer::body);
    }
    assertEquals(404, v2Status("POST", "a@example.com/push", KEY));
    assertEquals(403, v2Status("POST", "a@example.com/push", SEARCH_KEY));
  }

  @Test
  void whereThereAreNoKeysDevicesAreStoredAndNotListed() throws Exception {
    assertEquals(200, v2Status("POST", "a@example.com", "none"));
    assertEquals(403, v2Status("GET", "a@example.com", "none"));
  }

  @Test
  void withoutAKeyTheAnswerIs401AndSaysHow() throws IOException {
    needKeys();
    RawClient.Answer answer = post(SampleRequest.apple());
    assertEquals(401, answer.status());
    assertEquals("Bearer realm=\"pushserver\"", answer.headers().get("www-authenticate"));
    assertEquals(
        "{\"code\":401,\"description\":\"An API key is needed, as 'Authorization: Bearer KEY' or"
            + " 'X-Api-Key: KEY'\",\"data\":\"\"}",
        answer.body());
    assertEquals(200, push("X-Api-Key: " + KEY), "the connection can be used again");
    assertEquals(1, door.dispatcher.pushes().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization: Bearer wrong",
        "Authorization: Bearer ",
        "Authorization: Bearer",
        "Authorization: Basic d2lkZTp3aWRl",
        "X-Api-Key: wide",
        "X-Api-Key:",
        "X-Api-Key: \u00e9\u00ff"
      })
  void anythingElseIs401(String header) throws IOException {
    needKeys();
    assertEquals(401, push(header));
    assertEquals(401, push(header + "x".repeat(4000)));
    assertEquals(0, door.dispatcher.pushes().size());
  }

  @Test
  void theHashOfAKeyIsNoKey() throws IOException {
    needKeys();
    assertEquals(401, push("X-Api-Key: " + hash(KEY)));
  }

  @Test
  void aKeyIsAskedForBeforeTheBodyIsRead() throws IOException {
    needKeys();
    client.send("POST /push HTTP/1.1\r\nHost: door\r\nContent-Length: 60000\r\n\r\n");
    assertEquals(401, client.receive().status());
  }

  @Test
  void aKeySendsForItsApplicationsAlone() throws IOException {
    needKeys();
    String narrow = "X-Api-Key: " + NARROW_KEY;
    assertEquals(200, push(narrow));
    assertEquals(200, post(SampleRequest.linphone(), narrow).status());
    RawClient.Answer refused = post(SampleRequest.firebase(), narrow);
    assertEquals(403, refused.status());
    assertEquals(
        "{\"code\":403,\"description\":\"API key 'narrow' may not use application"
            + " 'com.example.phone' on platform 'firebase'\",\"data\":\"\"}",
        refused.body());
    RawClient.Answer unknown =
        post(SampleRequest.apple().withText("app-id", "com.example.nobody"), narrow);
    assertEquals(403, unknown.status(), "it does not learn which applications there are");
    assertEquals(2, door.dispatcher.pushes().size());
  }

  @Test
  void aReloadTakesAKeyAwayAtOnce() throws IOException {
    needKeys();
    assertEquals(200, push("X-Api-Key: " + KEY));
    apply(new Access(AddressList.ALL, AddressList.NONE, ApiKeys.of(List.of())), Limits.DEFAULT);
    assertEquals(401, push("X-Api-Key: " + KEY));
    apply(Access.OPEN, Limits.DEFAULT);
    assertEquals(200, push());
  }

  @Test
  void aReloadOfTheAddressListCountsOnOpenConnections() throws IOException {
    assertEquals(200, push());
    behindProxies("192.0.2.0/24", "198.51.100.1");
    assertEquals(403, push());
    assertTrue(client.isClosedByServer());
  }

  @Test
  void behindATrustedProxyTheClientsOwnAddressCounts() throws IOException {
    behindProxies("192.0.2.0/24", "127.0.0.1");
    assertEquals(200, push("X-Forwarded-For: 192.0.2.7"));
    assertEquals(200, push("X-Forwarded-For: 6.6.6.6, 192.0.2.7"));
    assertEquals(200, push("X-Forwarded-For: 6.6.6.6", "X-Forwarded-For: 192.0.2.7, 127.0.0.1"));
    assertEquals(403, push("X-Forwarded-For: 192.0.2.7, 6.6.6.6"));
  }

  @Test
  void fromOthersTheHeaderIsOnlyAClaim() throws IOException {
    behindProxies("192.0.2.0/24", "10.0.0.1");
    assertEquals(403, push("X-Forwarded-For: 192.0.2.7"));
  }

  @Test
  void whoseAddressTheProxyDoesNotTellIsRefusedWhereThereIsAList() throws IOException {
    behindProxies("127.0.0.1", "127.0.0.1");
    for (String nonsense :
        new String[] {"", "unknown", ",,,", "\u0085outcome call-id=forged", "x".repeat(4000)}) {
      assertEquals(403, push("X-Forwarded-For: " + nonsense), nonsense);
      client.close();
      client = new RawClient(door.port());
    }
    assertEquals(200, push(), "without the header it is the proxy that asks");
  }

  @Test
  void whoAsksTooOftenIsToldWhenToComeBack() throws IOException {
    limit(1, 3, Access.OPEN);
    for (int i = 0; i < 3; i++) {
      assertEquals(200, push());
    }
    RawClient.Answer answer = post(SampleRequest.apple());
    assertEquals(429, answer.status());
    assertEquals("1", answer.headers().get("retry-after"));
    assertTrue(answer.body().contains("1 per second are allowed"), answer::body);
    assertEquals(3, door.dispatcher.pushes().size());

    door.time.advance(Duration.ofSeconds(1));
    assertEquals(200, push());
    assertEquals(429, push());
  }

  @Test
  void theRateIsOfEachKeyAndOfEachClientBehindAProxy() throws IOException {
    limit(1, 1, new Access(AddressList.ALL, AddressList.NONE, KEYS));
    assertEquals(200, push("X-Api-Key: " + KEY));
    assertEquals(429, push("X-Api-Key: " + KEY));
    assertEquals(200, push("X-Api-Key: " + NARROW_KEY));

    limit(1, 2, new Access(AddressList.ALL, AddressList.parse("127.0.0.1"), ApiKeys.OPEN));
    assertEquals(200, push("X-Forwarded-For: 192.0.2.1"));
    assertEquals(200, push("X-Forwarded-For: 192.0.2.1"));
    assertEquals(429, push("X-Forwarded-For: 192.0.2.1"));
    assertEquals(200, push("X-Forwarded-For: 192.0.2.2"));
  }

  @Test
  void aReloadThatLeavesTheRateAloneForgetsNobody() throws IOException {
    limit(1, 1, Access.OPEN);
    assertEquals(200, push());
    limit(1, 1, Access.OPEN);
    assertEquals(429, push());
    apply(Access.OPEN, Limits.DEFAULT);
    assertEquals(200, push());
  }

  @Test
  void whatCannotChangeWhileItRunsIsTold() {
    ServerSettings now = TestIngress.settings(true, "127.0.0.1");
    ServerSettings wanted =
        new ServerSettings(
            "127.0.0.2",
            8400,
            null,
            false,
            now.access(),
            new Limits(1024, 1024, Duration.ofSeconds(9), 7, 5, 1024, 3, 99, Rate.UNLIMITED),
            now.log(),
            now.drainTimeout(),
            new ListenAddress("127.0.0.1", 9400));
    assertEquals(
        List.of(
            "host and port: 127.0.0.1:" + door.port() + " is listened on until the next start",
            "admin_host and admin_port: health and metrics stay where they are until the next"
                + " start",
            "max_headers: 8192 holds until the next start",
            "max_resets: 200 holds until the next start",
            "max_requests: 250 holds until the next start"),
        await(door.apply(wanted)));
  }

  @Test
  void whetherCallersWaitMayChange() throws IOException {
    assertEquals(200, push());
    await(door.apply(TestIngress.settings(false, "127.0.0.1")));
    assertEquals(202, push());
  }

  @Test
  void theLimitsOfABodyMayChange() throws IOException {
    Limits tight =
        new Limits(1024, 8192, Duration.ofSeconds(60), 10, 3, 1024, 200, 250, Rate.UNLIMITED);
    SampleRequest deep = SampleRequest.apple().with("x", "[[[[1]]]]");
    assertEquals(200, post(deep).status());
    apply(Access.OPEN, tight);
    RawClient.Answer answer = post(deep);
    assertEquals(400, answer.status());
    assertTrue(answer.body().contains("nests too deep"), answer::body);
    assertEquals(413, post(SampleRequest.apple().withText("x", "x".repeat(1024))).status());
    assertFalse(door.dispatcher.pushes().isEmpty());
  }
}
