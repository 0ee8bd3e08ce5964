// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.api.SampleRequest;
import org.pushserver.config.ForeignDoor;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.spi.Delivery;

/** What clients of gorush send. */
@Timeout(60)
class GorushDoorIT {
  private static final String PATH = "/api/push";

  @RegisterExtension private final ForeignSender sender = ForeignSender.at(ForeignDoor.GORUSH);

  private RawClient.Answer push(JsonObject... notifications) throws IOException {
    return sender.post(
        PATH,
        new JsonObject().put("notifications", new JsonArray(List.of(notifications))).encode());
  }

  private static JsonObject android(String... tokens) {
    return new JsonObject()
        .put("tokens", new JsonArray(List.of(tokens)))
        .put("platform", 2)
        .put("message", "Hello")
        .put("title", "Alice");
  }

  @Test
  void aCallRingsThePhone() throws IOException {
    RawClient.Answer answer =
        sender.post(
            PATH,
            "{\"notifications\":[{\"tokens\":[\""
                + SampleRequest.APPLE_TOKEN
                + "\"],\"platform\":1,\"topic\":\"com.example.phone.voip\",\"push_type\":\"voip\","
                + "\"priority\":\"high\",\"title\":\"Call\",\"message\":\"Alice\","
                + "\"data\":{\"call-id\":\"1@x\"},\"expiration\":1795980000,\"apns_id\":\"…\","
                + "\"collapse_id\":\"…\",\"notif_id\":\"n1\",\"development\":false}]}");
    assertEquals(200, answer.status());
    assertEquals("{\"success\":\"ok\",\"counts\":1,\"logs\":[]}", answer.body());
    Push push = sender.push();
    assertEquals(new AppKey("com.example.phone", AppKey.APPLE), push.app());
    assertEquals(Event.INCOMING_SESSION, push.event());
    assertEquals("1@x", push.callId());
    assertEquals("Alice", push.details().fromDisplayName());
    assertFalse(push.device().withoutVoip());
  }

  @Test
  void aCallThatIsNotForVoipIsForARemoteToken() throws IOException {
    JsonObject ring =
        new JsonObject()
            .put("tokens", new JsonArray().add("00aa"))
            .put("platform", 1)
            .put("topic", "com.example.phone")
            .put("data", new JsonObject().put("call-id", "1@x"));
    assertEquals(200, push(ring).status());
    assertEquals(Event.INCOMING_SESSION, sender.push().event());
    assertTrue(sender.push().device().withoutVoip());
  }

  @Test
  void aNotificationLivesAsLongAsItSays() throws IOException {
    long end = sender.door.time.now() / 1000 + 20;
    assertEquals(200, push(android("a").put("expiration", end)).status());
    assertEquals(200, push(android("b").put("expiration", 1)).status());
    assertEquals(200, push(android("c").put("expiration", 0)).status());
    List<Long> lives = sender.pushes().stream().map(one -> one.deadline() - one.bornAt()).toList();
    assertEquals(20_000, lives.get(0), 1000);
    assertEquals(1000, lives.get(1));
    assertEquals(Delivery.DEFAULT.messageDeadline().toMillis(), lives.get(2));
  }

  @Test
  void eachTokenIsAPush() throws IOException {
    RawClient.Answer answer = push(android("a", "b"), android("c").put("notif_id", "n2"));
    assertEquals("{\"success\":\"ok\",\"counts\":3,\"logs\":[]}", answer.body());
    assertEquals(
        List.of("a", "b", "c"), sender.pushes().stream().map(one -> one.device().token()).toList());
    Push push = sender.pushes().get(2);
    assertEquals(new AppKey(ForeignSender.APP, AppKey.FIREBASE), push.app());
    assertEquals(Event.MESSAGE, push.event());
    assertEquals("n2", push.callId());
    assertEquals("Alice", push.details().fromDisplayName());
    assertEquals("Hello", push.details().content());
  }

  @Test
  void theDataMayHaveAnyFieldOfAPush() throws IOException {
    JsonObject data =
        new JsonObject()
            .put("event", "cancel")
            .put("call_id", "1@x")
            .put("app-id", "com.example.none")
            .put("from", "sip:alice@example.com")
            .put("to", "sip:bob@example.com")
            .put("reason", "answered elsewhere")
            .put("token", "not this one")
            .put("nothing", null)
            .put("more", new JsonObject().put("a", 1));
    assertTrue(push(android("a").put("data", data)).body().contains("com.example.none"));
    assertEquals(
        200, push(android("a").put("data", data.put("app-id", ForeignSender.APP))).status());
    Push push = sender.push();
    assertEquals(Event.CANCEL, push.event());
    assertEquals("1@x", push.callId());
    assertEquals("a", push.device().token());
    assertEquals("sip:alice@example.com", push.details().from());
    assertEquals("answered elsewhere", push.details().reason());
  }

  @Test
  void aCallIdInTheDataMakesACallOfIt() throws IOException {
    JsonObject data = new JsonObject().put("call-id", "1@x");
    assertEquals(200, push(android("a").put("data", data)).status());
    assertEquals(Event.INCOMING_SESSION, sender.push().event());
    assertEquals("Hello", sender.push().details().fromDisplayName());
  }

  @Test
  void whatFailedIsInTheLog() throws IOException {
    sender.door.dispatcher.deliverWith(
        push ->
            Future.succeededFuture(
                switch (push.device().token()) {
                  case "dead" -> ForeignSender.DEAD;
                  case "late" -> ForeignSender.EXPIRED;
                  default -> ForeignSender.TAKEN;
                }));
    RawClient.Answer answer =
        push(
            android("good", "dead", "late").put("notif_id", "n1"),
            new JsonObject()
                .put("tokens", new JsonArray().add("00aa"))
                .put("platform", 1)
                .put("topic", "com.example.none"));
    assertEquals(200, answer.status());
    assertEquals(
        "{\"success\":\"ok\",\"counts\":4,\"logs\":["
            + "{\"notif_id\":\"n1\",\"type\":\"failed-push\",\"platform\":\"android\","
            + "\"token\":\"dead\",\"message\":\"Hello\",\"error\":\"Unregistered\"},"
            + "{\"notif_id\":\"n1\",\"type\":\"failed-push\",\"platform\":\"android\","
            + "\"token\":\"late\",\"message\":\"Hello\",\"error\":\"Shutdown\"},"
            + "{\"notif_id\":\"\",\"type\":\"failed-push\",\"platform\":\"ios\","
            + "\"token\":\"00aa\",\"message\":\"\",\"error\":\"Application 'com.example.none' is not"
            + " configured for platform 'apple'\"}]}",
        answer.body());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hello | The body must be one JSON object",
        "{} | Missing notifications field.",
        "{\"notifications\":7} | Missing notifications field.",
        "{\"notifications\":[]} | Notifications field is empty.",
        "{\"notifications\":[{\"tokens\":[\"a\"],\"platform\":9}]}"
            + " | platform must be 1 for iOS, 2 for Android or 3 for Huawei",
        "{\"notifications\":[{\"topic\":\"news\",\"platform\":2}]}"
            + " | tokens must not be nil or empty; topics and conditions are not supported"
      })
  void whatIsNoRequestIsWrong(String body, String message) throws IOException {
    RawClient.Answer answer = sender.post(PATH, body);
    assertEquals(400, answer.status());
    assertEquals("{\"code\":400,\"message\":\"" + message + "\"}", answer.body());
    assertTrue(sender.pushes().isEmpty());
  }

  @Test
  void fiveHundredTokensAreTheMost() throws IOException {
    String[] tokens = Collections.nCopies(500, "a").toArray(String[]::new);
    assertEquals(500, new JsonObject(push(android(tokens)).body()).getInteger("counts"));
    assertEquals(400, push(android(tokens), android("b")).status());
    assertEquals(500, sender.pushes().size());
  }
}
