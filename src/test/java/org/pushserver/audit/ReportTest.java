// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.Payload;
import org.pushserver.spi.SamplePush;

class ReportTest {
  private static final String REQUEST =
      "{\"app-id\": \"com.example.phone\", \"n\": 1.50, \"deep\": {\"a\": [null]},"
          + " \"incoming_body\": \"not ours\"}";
  private static final JsonObject RECEIVED = new JsonObject(REQUEST);

  private static Push push(String request) {
    Push push = SamplePush.of(org.pushserver.push.Event.CANCEL).push();
    return new Push(
        push.id(),
        push.app(),
        push.device(),
        push.event(),
        push.callId(),
        push.details(),
        push.bornAt(),
        push.deadline(),
        request,
        null);
  }

  private static JsonObject report(String request, Payload sent, Outcome outcome) {
    return Report.of(push(request), sent, outcome, "192.0.2.1", SamplePush.BORN).toJsonObject();
  }

  private static Outcome outcome(String reason) {
    return new Outcome(
        Result.DELIVERED, new Response(200, reason, "https://push.example.com/3", "{}"), 2);
  }

  @Test
  void theAddressOfThisMachineHasNoZone() throws Exception {
    byte[] bytes = new byte[16];
    bytes[0] = 0x20;
    bytes[15] = 1;
    assertEquals("2000:0:0:0:0:0:0:1", RemoteLog.text(Inet6Address.getByAddress("", bytes, 2)));
    assertEquals("192.0.2.1", RemoteLog.text(InetAddress.getByName("192.0.2.1")));
  }

  @Test
  void readersOfBothShapesFindWhatTheyLookFor() {
    Payload sent = new Payload(Map.of("apns-topic", "com.example"), Buffer.buffer("{\"a\": 1}"));
    JsonObject report = report(REQUEST, sent, outcome(""));

    JsonObject request = report.getJsonObject("request");
    assertEquals(RECEIVED, request.getJsonObject("incoming_body"));
    assertEquals("com.example.phone", request.getString("app-id"));
    assertEquals(RECEIVED.getJsonObject("deep"), request.getJsonObject("deep"));
    assertEquals(1.5, request.getDouble("n"));

    JsonObject response = report.getJsonObject("response");
    assertEquals(200, response.getInteger("code"));
    assertEquals("DELIVERED", response.getString("description"));
    assertEquals("https://push.example.com/3", response.getString("push_url"));
    assertEquals(2, response.getInteger("attempts"));
    for (JsonObject part : new JsonObject[] {request, response}) {
      assertEquals(RECEIVED, part.getJsonObject("incoming_body"));
      assertEquals(
          new JsonObject().put("apns-topic", "com.example"),
          part.getJsonObject("outgoing_headers"));
      assertEquals(new JsonObject().put("a", 1), part.getJsonObject("outgoing_body"));
    }
    assertEquals("192.0.2.1", report.getString("server_ip"));
    assertEquals("2027-01-15T08:00:00Z", report.getString("timestamp"));
  }

  @Test
  void credentialsNeverLeaveInIt() {
    Payload sent =
        new Payload(
            Map.of("Authorization", "Bearer s3cret", "x-api-key", "s3cret", "x-more", "fine"),
            Buffer.buffer("{}"));
    JsonObject report = report(REQUEST, sent, outcome(""));
    assertFalse(report.encode().contains("s3cret"));
    assertEquals(
        new JsonObject().put("x-more", "fine"),
        report.getJsonObject("response").getJsonObject("outgoing_headers"));
  }

  @Test
  void whatWasNeverSentOrIsNoJsonIsToldAllTheSame() {
    JsonObject unsent = report(null, null, outcome("expired before"));
    assertEquals(null, unsent.getJsonObject("request").getValue("incoming_body"));
    assertEquals(null, unsent.getJsonObject("response").getValue("outgoing_body"));
    assertEquals("expired before", unsent.getJsonObject("response").getString("description"));
    for (String text : new String[] {"<xml/>", "{} {}", "", "{\"a\": \"\ud83d"}) {
      Payload custom = new Payload(Map.of(), Buffer.buffer(text));
      String told =
          report(REQUEST, custom, outcome("")).getJsonObject("request").getString("outgoing_body");
      assertEquals(custom.body().toString(), told);
    }
  }
}
