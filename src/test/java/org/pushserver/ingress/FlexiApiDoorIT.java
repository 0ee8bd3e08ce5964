// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.api.ScriptedDispatcher;
import org.pushserver.config.ApiKey;
import org.pushserver.config.ApiKeys;
import org.pushserver.config.ForeignDoor;
import org.pushserver.config.KeyHash;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;

/** Flexisip's requests to FlexiAPI. */
@Timeout(60)
class FlexiApiDoorIT {
  private static final String KEY = KeyHash.newKey();
  private static final String OTHER_KEY = KeyHash.newKey();

  private static final ApiKeys KEYS =
      ApiKeys.of(
          List.of(
              new ApiKey("flexisip", hash(KEY), true, Set.of(), Set.of()),
              new ApiKey("other", hash(OTHER_KEY), false, Set.of("org.example.lin"), Set.of())));

  private static final String BODY =
      "{\"pn_provider\":\"apns\",\"pn_param\":\"TEAM123456.com.example.phone.voip\",\"pn_prid\":\"00aa11bb\","
          + "\"type\":\"call\",\"call_id\":\"k3-vtz\"}";

  @RegisterExtension
  private final ForeignSender flexisip = ForeignSender.at(KEYS, ForeignDoor.FLEXIAPI);

  private static String hash(String key) {
    return HexFormat.of().formatHex(new KeyHash().of(key));
  }

  private RawClient.Answer ask(String key, String body) throws IOException {
    return flexisip.exchange(
        "POST /api/push_notification HTTP/1.1\r\nHost: accounts.example.com\r\n"
            + "accept: application/json\r\ncontent-type: application/json\r\nx-api-key: "
            + key
            + "\r\ncontent-length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  @Test
  void aCallRingsThePhoneAndIsAnsweredWithNothing() throws IOException {
    RawClient.Answer answer = ask(KEY, BODY);
    assertEquals(200, answer.status());
    assertEquals("", answer.body());
    Push push = flexisip.push();
    assertEquals(new AppKey("com.example.phone", AppKey.APPLE), push.app());
    assertEquals("00aa11bb", push.device().token());
    assertEquals(Event.INCOMING_SESSION, push.event());
    assertEquals("k3-vtz", push.callId());
    assertEquals("", push.details().from());
    assertFalse(push.device().withoutVoip());
  }

  @Test
  void aMessageWithoutCallIdIsAMessage() throws IOException {
    String body =
        BODY.replace("\"call\"", "\"message\"").replace(".voip", "").replace("\"k3-vtz\"", "null");
    assertEquals(200, ask(KEY, body).status());
    assertEquals(Event.MESSAGE, flexisip.push().event());
    assertEquals("", flexisip.push().callId());
    assertTrue(flexisip.push().device().withoutVoip());
  }

  @Test
  void inTheBackgroundTheAppIsWoken() throws IOException {
    flexisip.door.dispatcher.with(
        "com.example.waker",
        AppKey.APPLE,
        new ScriptedDispatcher.Type("waker", List.of(Event.WAKE), Optional.empty()));
    String body = BODY.replace("\"call\"", "\"background\"").replace("phone.voip", "waker");
    assertEquals(200, ask(KEY, body).status());
    assertEquals(Event.WAKE, flexisip.push().event());
  }

  @ParameterizedTest
  @ValueSource(strings = {"pn_provider", "pn_param", "pn_prid", "type"})
  void whatIsMissingOrNullIsNotValid(String name) throws IOException {
    RawClient.Answer missing = ask(KEY, BODY.replace("\"" + name + "\"", "\"else\""));
    assertEquals(422, missing.status());
    assertEquals("{\"message\":\"The " + name + " field is required\"}", missing.body());
    String nothing = BODY.replaceAll("(\"" + name + "\"):\"[^\"]*\"", "$1:null");
    assertEquals(missing, ask(KEY, nothing));
    assertTrue(flexisip.pushes().isEmpty());
  }

  @Test
  void whatIsNoJsonIsNotValid() throws IOException {
    assertEquals(422, ask(KEY, "pn_provider=apns").status());
    assertEquals(422, ask(KEY, BODY.replace("\"call\"", "\"ring\"")).status());
    assertEquals(422, ask(KEY, BODY.replace("00aa11bb", "no hex")).status());
  }

  @ParameterizedTest
  @CsvSource({
    "DELIVERED, 200, 200",
    "DEAD_TOKEN, 410, 503",
    "REFUSED, 400, 503",
    "EXPIRED, 503, 503",
    "OVERLOADED, 503, 503"
  })
  void whatIsNotSentIsUnavailable(Outcome.Result result, int code, int status) throws IOException {
    flexisip.pushesEnd(ForeignSender.ended(result, code, "why"));
    RawClient.Answer answer = ask(KEY, BODY);
    assertEquals(status, answer.status());
    assertEquals(
        status == 200 ? "" : "{\"message\":\"Push notification not sent: why\"}", answer.body());
  }

  @Test
  void theKeyIsAskedForAndItsRights() throws IOException {
    RawClient.Answer unknown = ask("wrong", BODY);
    assertEquals(401, unknown.status());
    assertEquals("{\"message\":\"The API key is not known\"}", unknown.body());
    assertEquals(403, ask(OTHER_KEY, BODY).status());
    assertEquals(404, ask(KEY, BODY.replace("example.phone", "example.none")).status());
    assertTrue(flexisip.pushes().isEmpty());
  }
}
