// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a phone does with a notification, in words. */
class EffectTest {
  private static String effect(int status, String reason, String body) {
    return Effect.of(
        new Notification(
            1, Instant.EPOCH, Service.FCM, "fcm-1", "HTTP_2", "/", Map.of(), body, status, reason));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'event':'incoming_session','media-type':'audio','from_uri':'sip:a@x','from_display_name':'Al','to_uri':'sip:b@x'}"
            + "| rings: audio call from Al (sip:a@x) for sip:b@x",
        "{'message':{'data':{'event':'incoming_session','media-type':'video','from_uri':'sip:a@x','from_display_name':'sip:a@x'}}}"
            + "| rings: video call from sip:a@x",
        "{'event':'cancel','reason':'answered elsewhere'} | stops ringing: answered elsewhere",
        "{'event':'cancel'} | stops ringing",
        "{'aps':{'alert':{}},'data':{'event':'message','from_uri':'sip:a@x','to_uri':'sip:b@x'}}"
            + "| shows a message from sip:a@x for sip:b@x",
        "{'aps':{},'from-uri':'sip:a@x'} | wakes up: call from sip:a@x",
        "{'message':{'token':'t'}} | gets a notification",
        "{'event':7} | gets a notification",
        "[] | gets something that is no JSON object",
        "hello | gets something that is no JSON object"
      })
  void theBodySaysIt(String body, String words) {
    assertEquals(words, effect(200, "", body.replace('\'', '"')));
  }

  @Test
  void whatWasRefusedReachesNoPhone() {
    assertEquals("gets nothing: 404 UNREGISTERED", effect(404, "UNREGISTERED", "{}"));
    assertEquals("gets nothing: there was no answer", effect(0, "", "{}"));
  }

  @Test
  void whatArrivesCannotSteerATerminal() {
    assertEquals(
        "rings: audio call from sip: [2J@x",
        effect(
            200,
            "",
            "{\"event\":\"incoming_session\",\"media-type\":\"audio\","
                + "\"from_uri\":\"sip:\\u001b[2J@x\"}"));
  }
}
