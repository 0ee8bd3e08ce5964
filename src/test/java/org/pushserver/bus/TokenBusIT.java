// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.api.SampleRequest;
import org.pushserver.config.ApiKey;
import org.pushserver.config.ApiKeys;
import org.pushserver.config.BusSettings;
import org.pushserver.config.KeyHash;
import org.pushserver.config.Limits;
import org.pushserver.config.Right;
import org.pushserver.fake.LogTrail;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;

/** What comes of messages to {@code pushserver.tokens.*}, by hand and by the client. */
@Timeout(60)
class TokenBusIT {
  private static final String BOB = "bob@example.com";
  private static final String KEY = KeyHash.newKey();
  private static final PushMessage RING =
      PushMessage.event("incoming_session")
          .callId("c1")
          .from("sip:alice@example.com")
          .to("sip:bob@example.com")
          .mediaType("audio")
          .build();

  @RegisterExtension private final TestBus bus = TestBus.open();
  @RegisterExtension private final LogTrail log = new LogTrail();

  private final PushClient client = PushClient.create(bus.vertx);

  private static DeviceRegistration phone(String deviceId, String token) {
    return new DeviceRegistration("com.example.phone", "firebase", deviceId, token);
  }

  private static JsonObject registration(String account) {
    return new JsonObject()
        .put("account", account)
        .put("app-id", "com.example.phone")
        .put("platform", "ios")
        .put("token", "AA11-BB22")
        .put("device-id", "<urn:uuid:d1>")
        .put("silent", "1");
  }

  private static JsonObject removal(String account) {
    return new JsonObject()
        .put("account", account)
        .put("app-id", "com.example.phone")
        .put("device-id", "d1");
  }

  private static JsonObject push(String account) {
    return RING.toJson().put("account", account);
  }

  private JsonObject ask(String call, JsonObject body, String... headers) {
    return (JsonObject)
        await(
                bus.vertx
                    .eventBus()
                    .<Object>request("pushserver.tokens." + call, body, TestBus.headers(headers)))
            .body();
  }

  @CanIgnoreReturnValue
  private AccountResult good(AccountResult result) {
    assertTrue(result.isGood(), result::toString);
    return result;
  }

  private List<String> pushedTokens() {
    return bus.dispatcher.pushes().stream().map(one -> one.device().token()).toList();
  }

  private void needKeys(Right right, String... domains) {
    String hash = HexFormat.of().formatHex(new KeyHash().of(KEY));
    ApiKey key =
        new ApiKey("tenant", hash, true, Set.of(), Set.of(), Set.of(right), Set.of(domains));
    assertEquals(
        List.of(),
        bus.apply(
            TestBus.settings(
                true,
                Limits.DEFAULT,
                new BusSettings(true, ApiKeys.of(List.of(key)), "pushserver"))));
  }

  @Test
  void whatOverHttpHasNoCodeIsTheDataOfAReply() {
    JsonObject stored = registration(BOB);
    stored.remove("account");
    stored
        .put("platform", "apple")
        .put("token", "AA11")
        .put("device-id", "d1")
        .put("silent", true)
        .putNull("user-agent");
    assertEquals(
        new JsonObject().put("code", 200).put("description", "registered").put("data", stored),
        ask("add", registration(BOB)));
    JsonObject removal = removal(BOB);
    JsonObject told = removal.copy();
    told.remove("account");
    assertEquals(
        new JsonObject().put("code", 200).put("description", "removed").put("data", told),
        ask("remove", removal));
    assertEquals(
        new JsonObject()
            .put("code", 404)
            .put("description", "User not found")
            .put("data", new JsonObject().put("result", "User not found")),
        ask("remove", removal));
    assertEquals(200, ask("remove", removal, "wait", "false").getInteger("code"));
    assertEquals(new JsonArray(), listed());
  }

  /** As who has a key for it is told. */
  private JsonArray listed() {
    needKeys(Right.TOKENS);
    return ask("list", new JsonObject().put("account", BOB), "api-key", KEY)
        .getJsonObject("data")
        .getJsonArray("devices");
  }

  @Test
  void aListNeedsAKeyAlsoWhereThereAreNone() {
    good(await(client.register(BOB, phone("d1", "token-one"))));
    JsonObject refused = ask("list", new JsonObject().put("account", BOB));
    assertEquals(403, refused.getInteger("code"));
    assertEquals(
        "The right 'tokens' is needed here, which only an API key has, and there are none: set"
            + " api_keys in [bus] of general.ini",
        refused.getString("description"));
    assertEquals(403, await(client.devices(BOB)).code());
    assertEquals(1, listed().size());
  }

  @Test
  void bytesAreAnsweredByBytes() {
    Object reply =
        await(
                bus.vertx
                    .eventBus()
                    .<Object>request("pushserver.tokens.add", registration(BOB).toBuffer()))
            .body();
    assertEquals(200, new JsonObject((Buffer) reply).getInteger("code"));
  }

  @Test
  void aDeviceIsRegisteredListedPushedAndForgotten() {
    good(await(client.register(BOB, phone("d1", "token-one"))));
    good(await(client.register(BOB, phone("d2", "token-two"))));
    AccountResult rung = good(await(client.sendTo("sip:" + BOB, RING)));
    assertEquals(200, rung.code());
    assertEquals(
        List.of("token-one", "token-two"), rung.pushes().stream().map(PushResult::token).toList());
    assertTrue(rung.pushes().stream().allMatch(PushResult::isDelivered), rung::toString);
    assertFalse(rung.toString().contains("token-one"));
    assertEquals(List.of("token-one", "token-two"), pushedTokens());

    good(await(client.sendTo(BOB, "<urn:uuid:d2>", RING)));
    assertEquals("token-two", pushedTokens().get(2));

    good(await(client.unregister(BOB, "com.example.phone", "d1")));
    assertTrue(await(client.unregister(BOB, "com.example.phone", "d1")).isUnknown());
    AccountResult unknown = await(client.sendTo(BOB, "d1", RING));
    assertTrue(unknown.isUnknown(), unknown::toString);
    assertEquals(List.of(), unknown.pushes());
    assertEquals(3, bus.dispatcher.pushes().size());

    needKeys(Right.TOKENS);
    PushClient lister = PushClient.create(bus.vertx, PushClientOptions.DEFAULT.withApiKey(KEY));
    AccountResult devices = good(await(lister.devices(BOB)));
    JsonArray listed = devices.reply().getJsonObject("data").getJsonArray("devices");
    assertEquals(1, listed.size());
    assertEquals("d2", listed.getJsonObject(0).getString("device-id"));
  }

  @Test
  void whoDoesNotWaitIsAnsweredAtOnce() {
    bus.dispatcher.deliverWith(one -> Promise.<Outcome>promise().future());
    good(await(client.register(BOB, phone("d1", "token-one"))));
    JsonObject reply = ask("push", push(BOB), "wait", "false");
    assertEquals(202, reply.getInteger("code"));
    assertEquals("accepted for delivery", reply.getString("description"));
    assertEquals(1, bus.dispatcher.pushes().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"add", "remove", "push"})
  void anAccountMustBeNamed(String call) {
    JsonObject reply = ask(call, push(BOB).putNull("account"));
    assertEquals(400, reply.getInteger("code"));
    assertEquals("field required: account", reply.getString("description"));
    reply = ask(call, push(BOB).put("account", new JsonArray()));
    assertEquals(400, reply.getInteger("code"), reply::encode);
    assertEquals(400, ask(call, push(" ")).getInteger("code"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"add", "remove", "push", "list"})
  void whatIsPublishedIsRefused(String call) throws Exception {
    bus.vertx.eventBus().publish("pushserver.tokens." + call, registration(BOB));
    String line = log.untilLogged("refused");
    assertTrue(line.contains("method=PUBLISH"), line);
    assertTrue(line.contains("path=pushserver.tokens." + call), line);
    assertEquals(new JsonArray(), listed());
  }

  @Test
  void aStoreThatCannotBeUsedIsAReply() {
    bus.tokens.fail("the disk is full; make room");
    AccountResult result = await(client.register(BOB, phone("d1", "token-one")));
    assertEquals(503, result.code());
    assertTrue(result.mayRetry());
    assertTrue(result.retryAfter() > 0);
    assertTrue(result.description().contains("the disk is full; make room"), result::toString);
  }

  @Test
  void aKeyMayWhatItHasTheRightTo() {
    needKeys(Right.PUSH);
    assertEquals(401, ask("add", registration(BOB)).getInteger("code"));
    for (String call : List.of("add", "remove", "list")) {
      JsonObject reply = ask(call, registration(BOB), "api-key", KEY);
      assertEquals(403, reply.getInteger("code"));
      assertTrue(reply.getString("description").contains("no right 'tokens'"), reply::encode);
    }
    assertEquals(404, ask("push", push(BOB), "api-key", KEY).getInteger("code"));
    needKeys(Right.TOKENS);
    assertEquals(200, ask("add", registration(BOB), "api-key", KEY).getInteger("code"));
    assertEquals(403, ask("push", push(BOB), "api-key", KEY).getInteger("code"));
    assertEquals(0, bus.dispatcher.pushes().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bob@other.example",
        "sip:bob@other.example",
        "bob",
        "bob@example.com@other.example",
        "bob@example.com.",
        "sip:bob@example.com;user=phone"
      })
  void aKeyThatIsLimitedToADomainReachesNoOtherAccount(String other) {
    await(client.register(other, phone("d1", "token-one")));
    int stored = bus.tokens.stored().size();
    needKeys(Right.TOKENS, "example.com");
    for (String call : List.of("add", "remove", "list")) {
      JsonObject reply = ask(call, registration(other), "api-key", KEY);
      assertEquals(403, reply.getInteger("code"), reply::encode);
    }
    assertEquals(stored, bus.tokens.stored().size());
    assertEquals(200, ask("add", registration(BOB), "api-key", KEY).getInteger("code"));

    needKeys(Right.PUSH, "example.com");
    assertEquals(403, ask("push", push(other), "api-key", KEY).getInteger("code"));
    assertEquals(List.of(), bus.dispatcher.pushes());
    assertEquals(200, ask("push", push("bob@EXAMPLE.com"), "api-key", KEY).getInteger("code"));
    List<Push> pushed = bus.dispatcher.pushes();
    assertEquals(1, pushed.size());
  }

  @Test
  void aKeyThatIsLimitedToADomainReachesNoPhoneByWhatItsRequestSaysOfIt() {
    await(client.register(BOB, phone("d1", "token-one")));
    needKeys(Right.PUSH, "example.com");
    JsonObject byToken = new JsonObject(SampleRequest.firebase().toString());
    JsonObject refused =
        (JsonObject)
            await(
                    bus.vertx
                        .eventBus()
                        .<Object>request(
                            "pushserver.push",
                            byToken.copy().put("account", BOB),
                            TestBus.headers("api-key", KEY)))
                .body();
    assertEquals(403, refused.getInteger("code"), refused::encode);
    JsonObject named =
        byToken
            .copy()
            .mergeIn(push(BOB))
            .put("device-id", "d1")
            .put(
                "contacts",
                new JsonArray()
                    .add("<sip:x@192.0.2.1;pn-provider=fcm;pn-param=com.example.phone;pn-prid=z>"));
    assertEquals(200, ask("push", named, "api-key", KEY).getInteger("code"));
    assertEquals(List.of("token-one"), pushedTokens());
  }

  @Test
  void ofTheStatusAKeyThatIsLimitedToADomainIsToldLittle() {
    needKeys(Right.PUSH, "example.com");
    JsonObject status =
        (JsonObject)
            await(
                    bus.vertx
                        .eventBus()
                        .<Object>request(
                            "pushserver.status", new JsonObject(), TestBus.headers("api-key", KEY)))
                .body();
    assertEquals(Set.of("version", "status"), status.fieldNames());
  }
}
