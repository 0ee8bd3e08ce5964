// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushserver.api.SampleRequest;
import org.pushserver.api.ScriptedDispatcher;
import org.pushserver.config.ApiKey;
import org.pushserver.config.ApiKeys;
import org.pushserver.config.ForeignDoor;
import org.pushserver.config.KeyHash;
import org.pushserver.config.Right;
import org.pushserver.fake.Await;
import org.pushserver.push.Outcome;

/** What all doors for foreign senders have in common. */
@Timeout(60)
class ForeignDoorsIT {
  private static final String TOKEN = SampleRequest.FCM_TOKEN;

  /** A good request at each door. */
  private static final Map<ForeignDoor, String[]> REQUESTS =
      Map.of(
          ForeignDoor.FLEXISIP,
          new String[] {
            "/flexisip?type=firebase&app=com.example.phone&event=call&token=" + TOKEN, ""
          },
          ForeignDoor.FLEXIAPI,
          new String[] {
            "/api/push_notification",
            "{\"pn_provider\":\"fcm\",\"pn_param\":\"com.example.phone\",\"pn_prid\":\""
                + TOKEN
                + "\",\"type\":\"call\",\"call_id\":null}"
          },
          ForeignDoor.MATRIX,
          new String[] {
            "/_matrix/push/v1/notify",
            "{\"notification\":{\"event_id\":\"$e\",\"devices\":[{\"app_id\":\"com.example.phone\","
                + "\"pushkey\":\""
                + TOKEN
                + "\"}]}}"
          },
          ForeignDoor.GORUSH,
          new String[] {
            "/api/push",
            "{\"notifications\":[{\"platform\":2,\"tokens\":[\""
                + TOKEN
                + "\"],\"message\":\"x\"}]}"
          },
          ForeignDoor.MONGOOSEPUSH,
          new String[] {
            "/v3/notification/" + TOKEN, "{\"service\":\"fcm\",\"alert\":{\"body\":\"x\"}}"
          },
          ForeignDoor.MATTERMOST,
          new String[] {
            "/api/v1/send_push",
            "{\"server_id\":\"s\",\"platform\":\"android\",\"type\":\"message\",\"device_id\":\""
                + TOKEN
                + "\"}"
          });

  /** How each is told that a key is missing. */
  private static final Map<ForeignDoor, String> SHAPES =
      Map.of(
          ForeignDoor.FLEXISIP, "{\"code\":401,\"description\":",
          ForeignDoor.FLEXIAPI, "{\"message\":",
          ForeignDoor.MATRIX, "{\"errcode\":\"M_UNAUTHORIZED\",\"error\":",
          ForeignDoor.GORUSH, "{\"code\":401,\"message\":",
          ForeignDoor.MONGOOSEPUSH, "{\"details\":",
          ForeignDoor.MATTERMOST, "{\"status\":\"FAIL\",\"error\":");

  private static final String KEY = KeyHash.newKey();

  private static final ApiKeys LIMITED =
      ApiKeys.of(
          List.of(
              new ApiKey(
                  "tenant",
                  HexFormat.of().formatHex(new KeyHash().of(KEY)),
                  true,
                  Set.of(),
                  Set.of(),
                  Set.of(Right.values()),
                  Set.of("example.com"))));

  private static final ApiKeys KEYS =
      ApiKeys.of(
          List.of(
              new ApiKey(
                  "one",
                  HexFormat.of().formatHex(new KeyHash().of(KEY)),
                  true,
                  Set.of(),
                  Set.of())));

  @RegisterExtension
  private final ForeignSender everywhere = ForeignSender.at(ForeignDoor.values());

  static Stream<Arguments> doors() {
    return Stream.of(ForeignDoor.values())
        .map(door -> Arguments.of(door, REQUESTS.get(door)[0], REQUESTS.get(door)[1]));
  }

  @ParameterizedTest
  @MethodSource("doors")
  void anOpenDoorSends(ForeignDoor door, String path, String body) throws IOException {
    assertEquals(200, everywhere.post(path, body).status());
    assertEquals(TOKEN, everywhere.push().device().token());
  }

  @ParameterizedTest
  @MethodSource("doors")
  void aShutDoorIsNotThere(ForeignDoor door, String path, String body) throws IOException {
    try (TestIngress shut = TestIngress.open(ScriptedDispatcher.withSamples());
        RawClient client = new RawClient(shut.port())) {
      RawClient.Answer answer =
          client.exchange(RawClient.post(path, body.getBytes(StandardCharsets.UTF_8)));
      assertEquals(404, answer.status());
      assertEquals(
          "{\"code\":404,\"description\":\"There is nothing under this path\",\"data\":\"\"}",
          answer.body());
      assertTrue(shut.dispatcher.pushes().isEmpty());
    }
  }

  @ParameterizedTest
  @MethodSource("doors")
  void withoutAKeyItsSenderIsToldInItsOwnWay(ForeignDoor door, String path, String body)
      throws Exception {
    ForeignSender guarded = ForeignSender.at(KEYS, door);
    try {
      RawClient.Answer answer = guarded.post(path, body);
      assertEquals(401, answer.status());
      assertTrue(answer.body().startsWith(SHAPES.get(door)), answer::body);
      assertTrue(answer.headers().containsKey("www-authenticate"));
      assertTrue(guarded.pushes().isEmpty());
    } finally {
      guarded.afterEach(null);
    }
  }

  @ParameterizedTest
  @MethodSource("doors")
  void aKeyThatIsLimitedToDomainsIsRefused(ForeignDoor door, String path, String body)
      throws Exception {
    ForeignSender guarded = ForeignSender.at(LIMITED, door);
    try {
      RawClient.Answer answer =
          guarded.exchange(
              "POST %s HTTP/1.1\r\nHost: door\r\nX-Api-Key: %s\r\nContent-Length: %s\r\n\r\n%s"
                  .formatted(path, KEY, body.length(), body));
      assertEquals(403, answer.status(), answer::body);
      assertTrue(guarded.pushes().isEmpty());
    } finally {
      guarded.afterEach(null);
    }
  }

  /** It can send no header. */
  @Test
  void flexisipShowsItsKeyInTheQuery() throws Exception {
    ForeignSender guarded = ForeignSender.at(KEYS, ForeignDoor.FLEXISIP, ForeignDoor.GORUSH);
    try {
      String[] flexisip = REQUESTS.get(ForeignDoor.FLEXISIP);
      assertEquals(200, guarded.post(flexisip[0] + "&key=" + KEY, "").status());
      assertEquals(401, guarded.post(flexisip[0] + "&key=wrong", "").status());
      String[] gorush = REQUESTS.get(ForeignDoor.GORUSH);
      assertEquals(401, guarded.post(gorush[0] + "?key=" + KEY, gorush[1]).status());
      assertEquals(TOKEN, guarded.push().device().token());
    } finally {
      guarded.afterEach(null);
    }
  }

  @Test
  void eachPushOfARequestCountsForTheRate() throws IOException {
    everywhere.limitTo(1, 2);
    String body =
        "{\"notifications\":[{\"platform\":2,\"tokens\":[\"a\",\"b\",\"c\"],\"message\":\"x\"}]}";
    JsonObject answer = new JsonObject(everywhere.post("/api/push", body).body());
    assertEquals(3, answer.getInteger("counts"));
    JsonObject failed = answer.getJsonArray("logs").getJsonObject(0);
    assertEquals("c", failed.getString("token"));
    assertTrue(failed.getString("error").startsWith("Too many requests"));
    assertEquals(2, everywhere.pushes().size());
    assertEquals(429, everywhere.post("/api/push", body).status());
  }

  @ParameterizedTest
  @CsvSource({
    "FLEXISIP, /flexisip",
    "FLEXIAPI, /api/push_notification",
    "MATRIX, /_matrix/push/v1/notify",
    "GORUSH, /api/push",
    "MONGOOSEPUSH, /v3/notification/{device_id}",
    "MATTERMOST, /api/v1/send_push"
  })
  void eachIsCountedByItsPath(ForeignDoor door, String path) throws Exception {
    assertEquals(200, everywhere.post(REQUESTS.get(door)[0], REQUESTS.get(door)[1]).status());
    Await.until(() -> counted(path) == 1, () -> path + ": " + counted(path));
  }

  private double counted(String path) {
    return everywhere.door.counts.find("pushserver.requests").tag("path", path).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  @ParameterizedTest
  @MethodSource("doors")
  void whoWaitsLongEnoughIsToldThatAllIsWell(ForeignDoor door, String path, String body)
      throws IOException {
    Promise<Outcome> never = Promise.promise();
    Future<Long> waiting =
        everywhere.door.time.untilTimer(delay -> delay == ForeignSender.PATIENCE.toMillis());
    everywhere.door.dispatcher.deliverWith(push -> never.future());
    everywhere.send(path, body);
    await(waiting);
    everywhere.door.time.advance(ForeignSender.PATIENCE);
    assertEquals(200, everywhere.receive().status());
  }

  @Test
  void theyStayAsTheyAreUntilTheNextStart() {
    assertEquals(
        List.of("[doors]: they stay as they are until the next start"),
        await(everywhere.door.apply(TestIngress.settings(true, ""))));
  }

  @ParameterizedTest
  @MethodSource("doors")
  void tooLongABodyIsTold(ForeignDoor door, String path, String body) throws IOException {
    assertEquals(413, everywhere.post(path, " ".repeat(70_000)).status());
  }
}
