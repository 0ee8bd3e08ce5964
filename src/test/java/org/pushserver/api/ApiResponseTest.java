// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.push.Response;

class ApiResponseTest {
  private Push push;

  @BeforeEach
  void readTheSample() {
    PushReader reader = new PushReader(ScriptedDispatcher.withSamples(), new ManualTime());
    push =
        reader
            .read(
                SampleRequest.apple().withText("token", "aa-bb").bytes(),
                SampleRequest.JSON,
                SampleRequest.CALLER)
            .push();
  }

  private ApiResponse answer(Outcome.Result result, Response response) {
    return ApiResponse.outcome(push, new Outcome(result, response, 1));
  }

  @Test
  void anOutcomeIsToldWithTheServicesWords() {
    Response response =
        new Response(410, "Unregistered", "https://push.example/3", "{\"reason\": \"x\"}");
    ApiResponse answer = answer(Outcome.Result.DEAD_TOKEN, response);

    assertEquals(410, answer.status());
    assertEquals(
        "{\"code\":410,\"description\":\"push notification response\",\"data\":{"
            + "\"body\":{\"reason\": \"x\"},\"code\":410,\"reason\":\"Unregistered\","
            + "\"url\":\"https://push.example/3\",\"platform\":\"apple\","
            + "\"call_id\":\"Y2NlNzg0@192.0.2.1\",\"token\":\"aa-bb\"}}",
        answer.body().toString());
  }

  @Test
  void anExpiredPushIs504WithTheServicesLastWord() throws Exception {
    ApiResponse answer =
        answer(Outcome.Result.EXPIRED, new Response(503, "ServiceUnavailable", "", "{}"));

    assertEquals(504, answer.status());
    var json = new ObjectMapper().readTree(answer.body().getBytes());
    assertEquals(504, json.path("code").intValue());
    assertTrue(json.path("description").textValue().contains("expired"));
    assertEquals("ServiceUnavailable", json.path("data").path("reason").textValue());
    assertEquals(504, json.path("data").path("code").intValue());
  }

  @Test
  void anOverloadedServerSaysWhenToTryAgain() {
    ApiResponse answer =
        answer(Outcome.Result.OVERLOADED, new Response(503, "queue full", "", "{}"));

    assertEquals(503, answer.status());
    assertEquals(1, answer.retryAfter());
    assertEquals(
        "{\"code\":503,\"description\":\"queue full\",\"data\":{}}", answer.body().toString());
  }

  @ParameterizedTest
  @CsvSource({
    "200, DELIVERED, 200",
    "201, DELIVERED, 201",
    "204, DELIVERED, 200",
    "100, REFUSED, 502",
    "304, REFUSED, 502",
    "404, REFUSED, 404",
    "599, REFUSED, 599"
  })
  void theStatusCanAlwaysCarryTheAnswer(int code, Outcome.Result result, int status) {
    assertEquals(status, answer(result, new Response(code, "", "", "{}")).status());
  }

  @Test
  void halfACharacterInAReasonDoesNoHarm() {
    ApiResponse answer = answer(Outcome.Result.REFUSED, new Response(400, "\ud800é", "", "{}"));
    assertTrue(answer.body().toString().contains("\"reason\":\"\\uD800\\u00E9\""));
  }

  @Test
  void whatIsToldWithoutAPushHasTheSameShape() {
    assertEquals(
        "{\"code\":202,\"description\":\"accepted for delivery\",\"data\":{}}",
        ApiResponse.accepted(false).body().toString());
    assertEquals(
        "{\"code\":403,\"description\":\"access denied by access list\",\"data\":{}}",
        ApiResponse.denied().body().toString());
    assertEquals(
        "{\"code\":400,\"description\":\"no \\\"x\\\"\",\"data\":\"\"}",
        ApiResponse.refused(400, "no \"x\"", 0).body().toString());
  }
}
