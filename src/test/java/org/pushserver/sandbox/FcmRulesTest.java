// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.sandbox.FcmRules.Violation;

class FcmRulesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'token':'t'}",
        "{'token':'t','data':{'event':'cancel','from_uri':'sip:a@b'}}",
        "{'token':'t','android':{'priority':'high','ttl':'60s'}}",
        "{'token':'t','android':{'priority':'NORMAL','ttl':'0.5s','collapseKey':'a'}}",
        "{'token':'t','android':{'ttl':'2419200s'}}",
        "{'token':'t','apns':{'headers':{'apns-priority':'5'}}}",
        "{'token':'t','notification':{'title':'a','body':'b'}}",
      })
  void aGoodMessageIsTaken(String message) {
    assertEquals(List.of(), FcmRules.check(body(message)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | message.token",
        "{'token':''} | message.token",
        "{'token':5} | message.token",
        "{'topic':'t'} | message.token",
        "{'token':'t','topic':'u'} | message.token",
        "{'token':'t','data':{'a':'b','n':5}} | message.data[1].value",
        "{'token':'t','data':{'n':null}} | message.data[0].value",
        "{'token':'t','data':{'n':{}}} | message.data[0].value",
        "{'token':'t','data':[]} | message.data",
        "{'token':'t','data':{'from':'x'}} | message.data[0].key",
        "{'token':'t','data':{'google.x':'x'}} | message.data[0].key",
        "{'token':'t','data':{'gcm':'x'}} | message.data[0].key",
        "{'token':'t','data':{'message_type':'x'}} | message.data[0].key",
        "{'token':'t','android':{'ttl':'60'}} | message.android.ttl",
        "{'token':'t','android':{'ttl':60}} | message.android.ttl",
        "{'token':'t','android':{'ttl':'-1s'}} | message.android.ttl",
        "{'token':'t','android':{'ttl':'2419201s'}} | message.android.ttl",
        "{'token':'t','android':{'ttl':'2419200.5s'}} | message.android.ttl",
        "{'token':'t','android':{'priority':'High'}} | message.android.priority",
        "{'token':'t','android':{'priority':10}} | message.android.priority",
        "{'token':'t','android':5} | message.android",
        "{'token':'t','android':{'color':'x'}} | message.android.color",
        "{'token':'t','apns':{'headers':{'apns-priority':5}}} | message.apns.headers.apns-priority",
        "{'token':'t','notification':{'title':5}} | message.notification.title",
        "{'token':'t','priority':'high'} | message.priority",
      })
  void aWrongFieldIsNamed(String message, String field) {
    List<Violation> found = FcmRules.check(body(message));
    assertEquals(List.of(field), found.stream().map(Violation::field).toList());
  }

  @Test
  void aBodyWithoutMessageIsRefused() {
    assertEquals(
        List.of(new Violation("message", "must be an object")), FcmRules.check(new JsonObject()));
  }

  @Test
  void dataMayHave4096Bytes() {
    assertEquals(List.of(), FcmRules.check(sized(4096)));
    assertEquals(
        List.of(new Violation("message", "Message is too big: 4097 bytes")),
        FcmRules.check(sized(4097)));
  }

  private static JsonObject sized(int bytes) {
    return new JsonObject()
        .put(
            "message",
            new JsonObject()
                .put("token", "t")
                .put("data", new JsonObject().put("k", "x".repeat(bytes - 1))));
  }

  private static JsonObject body(String message) {
    return new JsonObject().put("message", new JsonObject(message.replace('\'', '"')));
  }
}
