// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.config.ForeignDoor;
import org.pushserver.push.Outcome;

/** Spoilt requests at the doors for foreign senders: none breaks one. The seed is fixed. */
@Timeout(60)
class ForeignFuzzIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MANY = 2000;

  /** What may stand where something else should. */
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "-1",
          "1e400",
          "[]",
          "[7]",
          "[[]]",
          "{}",
          "{\"a\":{\"b\":[1]}}",
          "\"\"",
          "\"\\ud800\"",
          "\"\\u0000\\r\\nx\"",
          "\"firebase\"",
          "\"call\"",
          "\"voip\"",
          "\"" + "a".repeat(5000) + "\"");

  /** What push services say may be as odd. */
  private static final Outcome ODD =
      ForeignSender.ended(Outcome.Result.REFUSED, 200, "\ud800 \"\r\n");

  private final Random random = new Random(20_261_130);

  @RegisterExtension private final ForeignSender sender = ForeignSender.at(ForeignDoor.values());

  private JsonNode value() throws IOException {
    return JSON.readTree(VALUES.get(random.nextInt(VALUES.size())));
  }

  /** Puts something else at one place, or takes it away. */
  private JsonNode spoilt(JsonNode node) throws IOException {
    if (node.isEmpty() || random.nextInt(4) == 0) {
      return value();
    }
    int at = random.nextInt(node.size());
    if (node instanceof ArrayNode array) {
      array.set(at, spoilt(array.get(at)));
    } else if (node instanceof ObjectNode object) {
      String name = List.copyOf(object.propertyStream().toList()).get(at).getKey();
      if (random.nextInt(5) == 0) {
        object.remove(name);
      } else {
        object.set(name, spoilt(object.get(name)));
      }
    }
    return node;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/push_notification | {'pn_provider':'fcm','pn_param':'com.example.phone','pn_prid':'t',"
            + "'type':'call','call_id':'1'}",
        "/_matrix/push/v1/notify | {'notification':{'event_id':'$e','room_id':'!r','type':"
            + "'m.call.invite','sender':'@a','counts':{'unread':1},'content':{'call_id':'1','offer':"
            + "{'sdp':'m=video'}},'devices':[{'app_id':'com.example.phone','pushkey':'t:1','data':{}},"
            + "{'app_id':'com.example.none','pushkey':'u','data':{'platform':'pigeon'}}]}}",
        "/api/push | {'notifications':[{'tokens':['t','u'],'platform':2,'title':'a','message':'b',"
            + "'notif_id':'n','badge':1,'data':{'call-id':'1','event':'cancel','x':{'y':1}}}]}",
        "/v3/notification/t | {'service':'fcm','tags':['voip'],'topic':'com.example.phone','alert':"
            + "{'title':'a','body':'b','badge':1},'data':{'call-id':'1','from':'x'}}",
        "/api/v1/send_push | {'server_id':'s','device_id':'t','platform':'android','type':'message',"
            + "'badge':1,'message':'m','sender_name':'a','post_id':'p','sub_type':'calls'}"
      })
  void aSpoiltRequestIsAnsweredLikeAnyOther(String path, String good) throws IOException {
    String sample = good.replace('\'', '"');
    assertEquals(200, sender.post(path, sample).status());
    for (int count = 0; count < MANY; count++) {
      sender.pushesEnd(random.nextBoolean() ? ForeignSender.TAKEN : ODD);
      String body = JSON.writeValueAsString(spoilt(JSON.readTree(sample)));
      RawClient.Answer answer = sender.post(path, body);
      assertNotEquals(500, answer.status(), () -> answer + " to " + body);
      assertFalse(answer.body().contains("Exception"), () -> answer + " to " + body);
      assertTrue(
          answer.body().isEmpty() || JSON.readTree(answer.body()) != null,
          () -> answer + " to " + body);
    }
    sender.pushesEnd(ForeignSender.TAKEN);
    assertEquals(200, sender.post(path, sample).status());
  }
}
