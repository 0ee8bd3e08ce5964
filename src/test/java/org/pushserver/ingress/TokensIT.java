// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.api.ScriptedDispatcher;
import org.pushserver.config.Access;
import org.pushserver.config.AddressList;
import org.pushserver.config.ApiKey;
import org.pushserver.config.ApiKeys;
import org.pushserver.config.KeyHash;
import org.pushserver.config.Limits;
import org.pushserver.config.Right;
import org.pushserver.config.ServerSettings;
import org.pushserver.fake.MemoryTokenStore;
import org.pushserver.push.Outcome;
import org.pushserver.push.Response;

/** Stored tokens over HTTP: paths, methods, keys, and who is told what. */
@Timeout(60)
class TokensIT {
  private static final String CALL =
      "{\"event\":\"incoming_session\",\"call-id\":\"c1\",\"from\":\"a@example.com\","
          + "\"to\":\"b@example.com\",\"media-type\":\"audio\"}";

  private final MemoryTokenStore store = new MemoryTokenStore();

  @RegisterExtension
  private final TestIngress door =
      TestIngress.open(
          ScriptedDispatcher.withSamples(), TestIngress.settings(true, "127.0.0.1"), store);

  private RawClient.Answer ask(String method, String path, String body, String... headers)
      throws IOException {
    return ask(door, method, path, body, headers);
  }

  private static RawClient.Answer ask(
      TestIngress door, String method, String path, String body, String... headers)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    try (RawClient client = new RawClient(door.port())) {
      client.send(
          "%s %s HTTP/1.1\r\nHost: door\r\n%sContent-Length: %s\r\n\r\n"
              .formatted(method, path, more, bytes.length));
      client.send(bytes);
      return client.receiveAny();
    }
  }

  private static String device(String platform, String token, String id) {
    return "{\"app-id\":\"com.example.phone\",\"platform\":\"%s\",\"token\":\"%s\",\"device-id\":\"%s\"}"
        .formatted(platform, token, id);
  }

  private void add(String platform, String token, String id) throws IOException {
    assertEquals(
        200, ask("POST", "/v2/tokens/bob@example.com", device(platform, token, id)).status());
  }

  @ParameterizedTest
  @CsvSource({
    "/v2/tokens/bob@example.com, bob@example.com",
    "/v2/tokens/bob%40example.com, bob@example.com",
    "/v2/tokens/sip:bob@example.com, bob@example.com",
    "/v2/tokens/sip%3Abob%40example.com/, bob@example.com",
    "/v2/tokens/justuser, justuser",
    "/v2/tokens/a%2Fb@c, a/b@c",
    "/v2/tokens/b%C3%B6b@c, böb@c",
    "/v2/tokens/a+b@c, a+b@c",
    "/v2/tokens/%2E%2E, .."
  })
  void anAccountIsDecoded(String path, String account) throws IOException {
    assertEquals(200, ask("POST", path, device("fcm", "t", "d")).status());
    assertEquals(account, store.stored().get(0).account());
    assertEquals(
        200,
        ask("DELETE", path, "{\"app-id\":\"com.example.phone\",\"device-id\":\"d\"}").status());
    assertEquals(List.of(), store.stored());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v2/tokens/%zz",
        "/v2/tokens/a%",
        "/v2/tokens/a%00b",
        "/v2/tokens/%20",
        "/v2/tokens/%0D"
      })
  void whatIsNoAccountIsRefused(String path) throws IOException {
    assertEquals(400, ask("POST", path, device("fcm", "t", "d")).status());
    assertEquals(400, ask("POST", path + "/push", CALL).status());
    assertEquals(List.of(), store.stored());
  }

  @Test
  void aHugeAccountIsRefused() throws IOException {
    String path = "/v2/tokens/" + "a".repeat(2000);
    assertEquals(400, ask("POST", path, device("fcm", "t", "d")).status());
    assertEquals(414, ask("POST", path + "a".repeat(4000), device("fcm", "t", "d")).status());
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, /v2/tokens/bob, 405",
    "GET, /v2/tokens/bob/push, 405",
    "DELETE, /v2/tokens/bob/push/d, 405",
    "POST, /v2/tokens, 404",
    "POST, /v2/tokens/, 404",
    "POST, /v2/tokens/bob/push/d/x, 404",
    "POST, /v2/tokens/bob/x, 404"
  })
  void otherMethodsAndPathsAreRefused(String method, String path, int status) throws IOException {
    assertEquals(status, ask(method, path, "{}").status());
  }

  @Test
  void severalDevicesOfTwoServicesAreAskedAtOnce() throws Exception {
    add("ios", "AA11-BB22", "d1");
    add("ios", "CC33", "d2");
    add("fcm", "zz", "d3");
    Promise<Outcome> last = Promise.promise();
    door.dispatcher.deliverWith(
        push ->
            switch (push.device().token()) {
              case "AA11" -> ended(Outcome.Result.DEAD_TOKEN, 410);
              case "CC33" -> ended(Outcome.Result.REFUSED, 400);
              default -> {
                // All others have been asked by now, or are in this very turn.
                last.tryComplete(ScriptedDispatcher.DELIVERED);
                yield last.future();
              }
            });
    RawClient.Answer answer = ask("POST", "/v2/tokens/bob@example.com/push", CALL);
    assertEquals(200, answer.status());
    ApiContract.assertMayAnswer("pushAccount", 200, "application/json", answer.body());
    assertTrue(
        answer.body().matches(".*\"code\":410.*\"code\":400.*\"code\":200.*"), answer.body());
    RawClient.Answer one = ask("POST", "/v2/tokens/bob@example.com/push/%3Curn:uuid:d3%3E/", CALL);
    assertEquals(200, one.status());
  }

  private static Future<Outcome> ended(Outcome.Result result, int status) {
    return Future.succeededFuture(new Outcome(result, new Response(status, "why", "", "{}"), 1));
  }

  @Test
  void whoDoesNotWaitIsAnsweredAtOnce() throws IOException {
    add("fcm", "zz", "d3");
    await(door.apply(TestIngress.settings(false, "127.0.0.1")));
    RawClient.Answer answer = ask("POST", "/v2/tokens/bob@example.com/push", CALL);
    assertEquals(202, answer.status());
    assertEquals(
        "{\"code\":202,\"description\":\"accepted for delivery\",\"data\":{}}", answer.body());
    assertEquals(404, ask("POST", "/v2/tokens/nobody/push", CALL).status());
    assertEquals(404, ask("POST", "/v2/tokens/bob@example.com/push/x", CALL).status());
    assertEquals(
        200, ask("DELETE", "/v2/tokens/nobody", "{\"app-id\":\"a\",\"device-id\":\"d\"}").status());
  }

  @Test
  void whatTheStoreSaysIsToldAndPushesToDevicesGoOn() throws IOException {
    store.fail("the disk is full; make room");
    RawClient.Answer answer = ask("POST", "/v2/tokens/bob@example.com/push", CALL);
    assertEquals(503, answer.status());
    assertTrue(answer.headers().containsKey("retry-after"));
    assertTrue(answer.body().contains("the disk is full; make room"), answer.body());
    assertEquals(
        200,
        ask(
                "POST",
                "/push",
                CALL.replace(
                    "{", "{\"app-id\":\"com.example.phone\",\"platform\":\"fcm\",\"token\":\"t\","))
            .status());
  }

  private static ApiKey key(String name, Set<String> domains, Right... rights) {
    String hash = HexFormat.of().formatHex(new KeyHash().of(name));
    return new ApiKey(name, hash, true, Set.of(), Set.of(), Set.of(rights), domains);
  }

  private void requireKeys() {
    ServerSettings keyed =
        TestIngress.settings(
            null,
            true,
            new Access(
                AddressList.ALL,
                AddressList.NONE,
                ApiKeys.of(
                    List.of(
                        key("registrar", Set.of(), Right.TOKENS),
                        key("sender", Set.of(), Right.PUSH),
                        key("tenant", Set.of("example.org"), Right.TOKENS, Right.PUSH)))),
            Limits.DEFAULT);
    await(door.apply(keyed));
  }

  @Test
  void eachCallNeedsItsRight() throws IOException {
    add("fcm", "a-token-that-is-long", "d3");
    assertEquals(403, ask("GET", "/v2/tokens/bob@example.com", "").status());
    requireKeys();
    String path = "/v2/tokens/bob@example.com";
    Map<String, List<Integer>> told =
        Map.of(
            "X-Api-Key: registrar", List.of(200, 403, 200, 200),
            "X-Api-Key: sender", List.of(403, 200, 403, 403),
            "X-Api-Key: tenant", List.of(403, 403, 403, 403),
            "X-Api-Key: nobody", List.of(401, 401, 401, 401),
            "X: y", List.of(401, 401, 401, 401));
    for (Map.Entry<String, List<Integer>> one : told.entrySet()) {
      String key = one.getKey();
      RawClient.Answer list = ask("GET", path, "", key);
      assertEquals(
          one.getValue(),
          List.of(
              ask("POST", path, device("fcm", "a-token-that-is-long", "d3"), key).status(),
              ask("POST", path + "/push", CALL, key).status(),
              list.status(),
              ask("DELETE", path, "{\"app-id\":\"com.example.phone\",\"device-id\":\"d4\"}", key)
                          .status()
                      == 404
                  ? 200
                  : ask("DELETE", path, "{}", key).status()),
          key);
      if (list.status() == 200) {
        ApiContract.assertMayAnswer("devices", 200, "application/json", list.body());
        assertFalse(list.body().contains("a-token-that-is-long"), list.body());
      }
    }
    assertEquals(
        200,
        ask("POST", "/v2/tokens/bob@example.org", device("fcm", "t2", "d9"), "X-Api-Key: tenant")
            .status());
  }
}
