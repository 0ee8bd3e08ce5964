// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import org.pushserver.fake.FakePushServices.Received;

/**
 * One recorded notification, to be compared with one that arrived. Differences are those of {@link
 * GoldenDifference}, as far as they are not those of the wire, which stand here.
 */
record GoldenSent(GoldenCase recorded, JsonNode sent) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter SEND_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  /** The same for another app. */
  GoldenSent withTopic(String topic) {
    ObjectNode changed = sent.deepCopy();
    ((ObjectNode) changed.get("headers")).put("apns-topic", topic);
    return new GoldenSent(recorded, changed);
  }

  /** The same to another of Apple's tokens. */
  GoldenSent withToken(String token) {
    ObjectNode changed = sent.deepCopy();
    changed.put("path", "/3/device/" + token);
    return new GoldenSent(recorded, changed);
  }

  /** Compares; times must lie between the two, in milliseconds since the epoch. */
  void compare(Received ours, long from, long to) throws IOException {
    GoldenNotification expected = GoldenNotification.read(recorded.line(), sent, 0);
    Set<GoldenDifference> differences = GoldenDifference.applyAll(expected);
    // For the type sylk HTTP v1 was recorded even here, which no legacy API understands.
    if (sent.get("path").textValue().equals("/fcm/send")) {
      legacyAgain(expected, ours.body().toJsonObject().getLong("time_to_live"), from, to);
    }
    JsonNode body = JSON.readTree(ours.body().getBytes());
    sameTime(expected.body(), body, from, to);
    assertEquals(expected.body(), body, differences::toString);

    ObjectNode headers = JSON.createObjectNode();
    ours.headers()
        .forEach(
            (name, value) -> {
              if (name.startsWith("apns-") && !name.equals("apns-id")) {
                headers.put(name, value);
              }
            });
    sameExpiration(expected, headers, from, to);
    assertEquals(expected.headers(), headers, differences::toString);
    assertEquals(sent.get("path").textValue(), ours.path());
    compareAuthorization(ours);
    // The recorded "application/json; UTF-8" is no media type; nobody reads it, so no entry.
    String type = ours.headers().get("content-type");
    assertTrue(sent.at("/headers/content-type").isMissingNode() || "application/json".equals(type));
  }

  /** Its value was cut when it was recorded: the scheme is what there is. */
  private void compareAuthorization(Received ours) {
    String recordedValue = sent.at("/headers/authorization").asText("");
    String value = ours.headers().getOrDefault("authorization", "");
    // "key …" was "key=…" before it was cut.
    assertEquals(scheme(recordedValue), scheme(value));
    boolean certificate = recorded.line().at("/app/auth").asText().equals("client certificate");
    assertEquals(certificate, ours.withCertificate());
  }

  private static String scheme(String authorization) {
    return authorization.split("[ =]", 2)[0];
  }

  /** Our life is what is left of the push's, not the four weeks that were recorded. */
  private static void legacyAgain(GoldenNotification expected, long ttl, long from, long to) {
    JsonNode message = expected.body().remove("message");
    long life = (expected.push().deadline() - expected.push().bornAt()) / 1000;
    assertTrue(ttl <= life && ttl >= life - (to - from) / 1000 - 1, () -> "time_to_live " + ttl);
    expected
        .body()
        .put("time_to_live", (int) ttl)
        .put("priority", "high")
        .set("to", message.get("token"));
    expected.body().set("data", message.get("data"));
  }

  private static void sameExpiration(
      GoldenNotification expected, ObjectNode headers, long from, long to) {
    JsonNode then = expected.headers().get("apns-expiration");
    if (then == null) {
      return;
    }
    long life = then.asLong() - expected.push().bornAt() / 1000;
    long now = headers.path("apns-expiration").asLong();
    assertTrue(
        now >= from / 1000 + life && now <= to / 1000 + life,
        () -> "apns-expiration " + now + " is not " + life + " s after " + from / 1000);
    headers.put("apns-expiration", then.asText());
  }

  private static void sameTime(JsonNode expected, JsonNode ours, long from, long to) {
    JsonNode then = expected.findValue("send-time");
    JsonNode now = ours.findValue("send-time");
    if (then == null || now == null) {
      return;
    }
    long at =
        LocalDateTime.parse(now.textValue(), SEND_TIME)
            .atZone(ZoneId.systemDefault())
            .toInstant()
            .toEpochMilli();
    assertTrue(at / 1000 >= from / 1000 && at <= to, () -> "send-time " + now);
    ((ObjectNode) ours.findParent("send-time")).set("send-time", then);
  }
}
