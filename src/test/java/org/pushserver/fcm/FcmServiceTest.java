// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.route.Reply;
import org.pushserver.spi.Trial;
import org.pushserver.spi.Trial.Finding;

class FcmServiceTest {
  private static Trial trial(int status, JsonObject body, boolean legacy) {
    Reply reply =
        new Reply(status, MultiMap.caseInsensitiveMultiMap(), Buffer.buffer(body.encode()), 1);
    FcmAnswers answers = new FcmAnswers("https://fcm.example.com", legacy);
    return answers.read(reply, 0).trial("Google", "", "check the account");
  }

  private static JsonObject error(String status, String code) {
    JsonObject error = new JsonObject().put("status", status).put("message", "said");
    if (code != null) {
      error.put(
          "details",
          new JsonArray()
              .add(
                  new JsonObject()
                      .put("@type", "type.googleapis.com/google.firebase.fcm.v1.FcmError")
                      .put("errorCode", code)));
    }
    return new JsonObject().put("error", error);
  }

  @ParameterizedTest
  @CsvSource({
    "400, INVALID_ARGUMENT, INVALID_ARGUMENT, TAKEN",
    "400, INVALID_ARGUMENT, , TAKEN",
    "404, NOT_FOUND, UNREGISTERED, TAKEN",
    "401, UNAUTHENTICATED, , REFUSED",
    "403, PERMISSION_DENIED, , REFUSED",
    "404, NOT_FOUND, , REFUSED",
    "503, UNAVAILABLE, , UNKNOWN",
    "429, RESOURCE_EXHAUSTED, , UNKNOWN"
  })
  void whatGoogleSaysToAPushToNobodyShowsWhetherItTakesTheCredentials(
      int status, String word, String code, Finding finding) {
    Trial trial = trial(status, error(word, code), false);
    assertEquals(finding, trial.finding(), trial::words);
    assertEquals(finding == Finding.REFUSED, trial.words().contains("check the account"));
  }

  @Test
  void aPushThatIsTakenShowsThatTheCredentialsAre() {
    JsonObject name = new JsonObject().put("name", "projects/p/messages/fake_message_id");
    assertEquals(Finding.TAKEN, trial(200, name, false).finding());
  }

  @ParameterizedTest
  @CsvSource({"InvalidRegistration, TAKEN", "NotRegistered, TAKEN"})
  void aGatewayThatKnowsThatNobodyHasTheTokenTakesTheCredentials(String result, Finding finding) {
    JsonObject body =
        new JsonObject().put("results", new JsonArray().add(new JsonObject().put("error", result)));
    assertEquals(finding, trial(200, body, true).finding());
  }

  @Test
  void theMessageIsToBeCheckedAndNotSent() {
    JsonObject request = FcmService.toBeChecked().body().toJsonObject();
    assertTrue(request.getBoolean("validate_only"));
    assertFalse(request.getJsonObject("message").containsKey("notification"));
  }
}
