// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.cause.OneAttempt;
import org.pushserver.push.AppKey;
import org.pushserver.route.Reply;

/** Whatever Google may answer has a sentence of its own. */
class FcmCausesTest {
  private static final String URL = "https://fcm.googleapis.com/v1/projects/p/messages:send";

  private static final OneAttempt RING =
      new OneAttempt(new AppKey("com.example.phone", AppKey.FIREBASE), "incoming_session", "");

  private static String row(boolean legacy, int status, String body) {
    Reply reply = new Reply(status, HttpHeaders.headers(), Buffer.buffer(body), 1);
    return RING.answered(new FcmAnswers(URL, legacy).read(reply, 0).answer()).id();
  }

  private static String error(int status, String code, String state, String message) {
    String detail =
        code == null
            ? ""
            : ",\"details\":[{\"@type\":\"type.googleapis.com/google.firebase.fcm.v1.FcmError\","
                + "\"errorCode\":\""
                + code
                + "\"}]";
    return "{\"error\":{\"code\":"
        + status
        + ",\"message\":\""
        + message
        + "\",\"status\":\""
        + state
        + "\""
        + detail
        + "}}";
  }

  /** The words are Google's own. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "404|UNREGISTERED|NOT_FOUND|Requested entity was not found.|google-gone",
        "400|INVALID_ARGUMENT|INVALID_ARGUMENT|The registration token is not a valid FCM"
            + " registration token|google-token-none",
        "400|INVALID_ARGUMENT|INVALID_ARGUMENT|Request contains an invalid argument.|google-request",
        "400|INVALID_ARGUMENT|INVALID_ARGUMENT|Android message is too big|google-too-large",
        "403|SENDER_ID_MISMATCH|PERMISSION_DENIED|SenderId mismatch|google-other-project",
        "401|THIRD_PARTY_AUTH_ERROR|UNAUTHENTICATED|Auth error from APNS or Web Push"
            + " Service|google-apns-credentials",
        "401|APNS_AUTH_ERROR|UNAUTHENTICATED|Auth error from APNS|google-apns-credentials",
        "401|-|UNAUTHENTICATED|Request had invalid authentication credentials. Expected OAuth 2"
            + " access token, login cookie or other valid authentication"
            + " credential.|google-credentials",
        "403|-|PERMISSION_DENIED|Permission 'cloudmessaging.messages.create' denied on"
            + " resource|google-permission",
        "403|-|PERMISSION_DENIED|Firebase Cloud Messaging API has not been used in project 1 before"
            + " or it is disabled.|google-permission",
        "404|-|NOT_FOUND|Requested entity was not found.|google-project",
        "429|QUOTA_EXCEEDED|RESOURCE_EXHAUSTED|Quota exceeded for quota metric|google-quota",
        "500|INTERNAL|INTERNAL|Internal error encountered.|service-down",
        "503|UNAVAILABLE|UNAVAILABLE|The service is currently unavailable.|service-down"
      })
  void everyErrorCodeHasARow(int status, String code, String state, String words, String row) {
    assertEquals(row, row(false, status, error(status, code, state, words)), words);
  }

  @Test
  void noErrorCodeIsWithoutOne() {
    assertEquals(
        Set.of(
            "UNREGISTERED",
            "INVALID_ARGUMENT",
            "SENDER_ID_MISMATCH",
            "THIRD_PARTY_AUTH_ERROR",
            "APNS_AUTH_ERROR",
            "QUOTA_EXCEEDED",
            "UNAVAILABLE",
            "INTERNAL"),
        FcmAnswers.errorCodes(),
        "a new one needs a line above, and perhaps a row in causes.json");
  }

  @Test
  void everyResultOfTheOldInterfaceHasARow() {
    Map<String, String> rows = new TreeMap<>();
    for (String result : FcmAnswers.legacyResults()) {
      rows.put(result, row(true, 200, "{\"results\":[{\"error\":\"" + result + "\"}]}"));
    }
    assertEquals(
        Map.ofEntries(
            Map.entry("NotRegistered", "google-gone"),
            Map.entry("InvalidRegistration", "google-token-none"),
            Map.entry("MissingRegistration", "google-request"),
            Map.entry("InvalidParameters", "google-request"),
            Map.entry("InvalidDataKey", "google-request"),
            Map.entry("InvalidTtl", "google-request"),
            Map.entry("MessageTooBig", "google-too-large"),
            Map.entry("MismatchSenderId", "google-other-project"),
            Map.entry("InvalidPackageName", "google-package"),
            Map.entry("InvalidApnsCredential", "google-apns-credentials"),
            Map.entry("DeviceMessageRateExceeded", "google-quota"),
            Map.entry("Unavailable", "service-down"),
            Map.entry("InternalServerError", "service-down")),
        rows);
  }
}
