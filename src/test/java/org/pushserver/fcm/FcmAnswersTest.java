// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.fake.ManualTime;
import org.pushserver.pns.Verdict;
import org.pushserver.pns.Verdict.Credentials;
import org.pushserver.pns.Verdict.Remedy;
import org.pushserver.push.Answer;
import org.pushserver.push.Response;
import org.pushserver.route.Reply;

class FcmAnswersTest {
  private static final String URL = "https://fcm.googleapis.com/v1/projects/p/messages:send";
  private static final Remedy RENEW = Remedy.RENEW_ONLY_AND_REPEAT;
  private static final String BAD_TOKEN =
      "The registration token is not a valid FCM registration token";

  private final FcmAnswers v1 = new FcmAnswers(URL, false);
  private final FcmAnswers legacy = new FcmAnswers("https://gateway.example/fcm/send", true);

  private static Reply reply(int status, String body) {
    return new Reply(status, MultiMap.caseInsensitiveMultiMap(), Buffer.buffer(body), 1);
  }

  private static JsonObject detail(String code) {
    return new JsonObject()
        .put("@type", "type.googleapis.com/google.firebase.fcm.v1.FcmError")
        .put("errorCode", code);
  }

  private static String error(String status, String message, JsonObject... details) {
    JsonObject error = new JsonObject().put("status", status).put("message", message);
    JsonArray list = new JsonArray();
    for (JsonObject detail : details) {
      list.add(detail);
    }
    return new JsonObject().put("error", error.put("details", list)).encode();
  }

  private Answer read(Reply reply) {
    return v1.read(reply, ManualTime.START).answer();
  }

  private Remedy remedy(Reply reply) {
    return v1.read(reply, ManualTime.START).remedy();
  }

  private Answer readLegacy(Reply reply) {
    return legacy.read(reply, ManualTime.START).answer();
  }

  /** In one word: what becomes of the push, and for a refusal whose fault it is. */
  private static String verdict(Answer answer) {
    if (answer instanceof Answer.Refused refused) {
      return refused.fault().name();
    }
    return answer.getClass().getSimpleName();
  }

  @ParameterizedTest
  @CsvSource({
    "404, UNREGISTERED, NOT_FOUND, DeadToken, 410",
    "400, INVALID_ARGUMENT, INVALID_ARGUMENT, PUSH, 400",
    "401, THIRD_PARTY_AUTH_ERROR, UNAUTHENTICATED, APPLICATION, 401",
    "401, APNS_AUTH_ERROR, UNAUTHENTICATED, APPLICATION, 401",
    "403, SENDER_ID_MISMATCH, PERMISSION_DENIED, APPLICATION, 403",
    "429, QUOTA_EXCEEDED, RESOURCE_EXHAUSTED, Later, 429",
    "500, INTERNAL, INTERNAL, Later, 500",
    "503, UNAVAILABLE, UNAVAILABLE, Later, 503",
    // Codes that nobody knows yet are judged by what stands around them.
    "404, NEW_CODE, NOT_FOUND, APPLICATION, 404",
    "403, UNSPECIFIED_ERROR, PERMISSION_DENIED, APPLICATION, 403",
    "418, NEW_CODE, NEW_STATUS, SERVER, 418",
    "503, NEW_CODE, NEW_STATUS, Later, 503",
  })
  void fcmsOwnErrorCodeDecides(
      int http, String code, String status, String verdict, int callersCode) {
    Answer answer = read(reply(http, error(status, "why", detail(code))));
    assertEquals(verdict, verdict(answer));
    assertEquals(callersCode, answer.response().code());
  }

  @ParameterizedTest
  @CsvSource({
    "400, INVALID_ARGUMENT, PUSH",
    "401, UNAUTHENTICATED, APPLICATION",
    "403, PERMISSION_DENIED, APPLICATION",
    "404, NOT_FOUND, APPLICATION",
    "429, RESOURCE_EXHAUSTED, Later",
    "500, INTERNAL, Later",
    "503, UNAVAILABLE, Later",
  })
  void withoutACodeTheStatusDecides(int http, String status, String verdict) {
    Answer answer = read(reply(http, error(status, "why")));
    assertEquals(verdict, verdict(answer));
    assertEquals(http, answer.response().code());
  }

  /** Of many that it never knew, whoever stores tokens doubts the project and not the tokens. */
  @Test
  void ofADeadTokenItIsKnownWhetherFirebaseKnewIt() {
    Answer gone = read(reply(404, error("NOT_FOUND", "gone", detail("UNREGISTERED"))));
    Answer none = read(reply(400, error("INVALID_ARGUMENT", "bad", violations("message.token"))));
    assertTrue(assertInstanceOf(Answer.DeadToken.class, gone).wasKnown());
    assertFalse(assertInstanceOf(Answer.DeadToken.class, none).wasKnown());
    assertTrue(((Answer.DeadToken) legacyError("NotRegistered")).wasKnown());
    assertFalse(((Answer.DeadToken) legacyError("InvalidRegistration")).wasKnown());
  }

  private Answer legacyError(String code) {
    return readLegacy(reply(200, "{\"failure\":1,\"results\":[{\"error\":\"" + code + "\"}]}"));
  }

  @Test
  void everyHttpStatusHasARuling() {
    for (int status = 200; status <= 599; status++) {
      Answer answer = read(reply(status, "<html/>"));
      assertEquals(expected(status), verdict(answer), "status " + status);
      boolean told = status >= 400;
      assertEquals(told ? status : 502, answer.response().code(), "status " + status);
      assertEquals(
          status / 100 == 2 ? "Delivered" : expected(status),
          verdict(read(reply(status, ""))),
          "status " + status);
    }
  }

  private static String expected(int status) {
    return switch (status) {
      case 401, 403, 404, 405 -> "APPLICATION";
      case 408, 429 -> "Later";
      case 413 -> "PUSH";
      default ->
          switch (status / 100) {
            case 3 -> "APPLICATION";
            case 4 -> "SERVER";
            // A success with a page is none.
            default -> "Later";
          };
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 199, 600, 999})
  void aStatusThatIsNoneIsABrokenGateway(int status) {
    Answer answer = read(reply(status, ""));
    assertEquals("Later", verdict(answer));
    assertEquals(502, answer.response().code());
  }

  @Test
  void anInvalidRegistrationTokenIsAlways410() {
    Answer answer =
        read(reply(400, error("INVALID_ARGUMENT", BAD_TOKEN, detail("INVALID_ARGUMENT"))));
    assertInstanceOf(Answer.DeadToken.class, answer);
    assertEquals(410, answer.response().code());
    assertEquals("Bad Request " + BAD_TOKEN, answer.response().reason());
  }

  private static JsonObject violations(String... fields) {
    JsonArray all = new JsonArray();
    for (String field : fields) {
      all.add(new JsonObject().put("field", field).put("description", "why"));
    }
    return new JsonObject()
        .put("@type", "type.googleapis.com/google.rpc.BadRequest")
        .put("fieldViolations", all);
  }

  private static JsonObject apnsError() {
    return new JsonObject()
        .put("@type", "type.googleapis.com/google.firebase.fcm.v1.ApnsError")
        .put("statusCode", 400)
        .put("reason", "BadDeviceToken");
  }

  @Test
  void aViolationOfTheTokenFieldIsADeadTokenWhateverIsBesideIt() {
    JsonObject token = violations("message.token");
    JsonObject code = detail("INVALID_ARGUMENT");
    for (String body :
        new String[] {
          error("INVALID_ARGUMENT", "", token),
          error("INVALID_ARGUMENT", "Invalid registration token", token),
          error("INVALID_ARGUMENT", "Request contains an invalid argument.", token, code),
          error("INVALID_ARGUMENT", "why", code, token),
          error("INVALID_ARGUMENT", "why", apnsError(), token, code),
          error("INVALID_ARGUMENT", "why", code, apnsError(), token),
          error("INVALID_ARGUMENT", "why", violations("message.data", "message.token")),
          error("INVALID_ARGUMENT", "why", token, violations("message.data[0].value")),
        }) {
      Answer answer = read(reply(400, body));
      assertInstanceOf(Answer.DeadToken.class, answer, body);
      assertEquals(410, answer.response().code());
    }
    for (String field : new String[] {"message.token.x", "message.data[0].value", "token", ""}) {
      String body = error("INVALID_ARGUMENT", BAD_TOKEN, violations(field), code);
      assertEquals("SERVER", verdict(read(reply(400, body))), field);
    }
  }

  @Test
  void aRedirectIsABrokenGatewayAndNeverPassedOn() {
    Answer answer = read(reply(302, ""));
    assertEquals("APPLICATION", verdict(answer));
    assertEquals(502, answer.response().code());
    assertTrue(answer.response().reason().startsWith("Found; it leads elsewhere"));
    assertEquals(502, readLegacy(reply(307, "<html/>")).response().code());
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>Welcome to this hotel</html>", "OK", "[1"})
  void aSuccessWithATextThatIsNotFirebasesIsNone(String body) {
    for (FcmAnswers answers : new FcmAnswers[] {v1, legacy}) {
      Verdict judged = answers.read(reply(200, body), ManualTime.START);
      Answer.Later later = assertInstanceOf(Answer.Later.class, judged.answer());
      assertEquals(502, later.response().code());
      assertTrue(later.mayHaveArrived(), "who knows");
      assertEquals(Credentials.UNTOLD, judged.credentials());
    }
  }

  @Test
  void anErrorInASuccessCounts() {
    assertEquals("Later", verdict(read(reply(200, "{\"error\":\"busy\"}"))));
    assertEquals(502, read(reply(200, "{\"error\":\"busy\"}")).response().code());
    assertEquals(
        "200, but with an error: busy",
        read(reply(200, "{\"error\":\"busy\"}")).response().reason());
    String gone = error("NOT_FOUND", "gone", detail("UNREGISTERED"));
    assertEquals("DeadToken", verdict(read(reply(200, gone))));
    assertEquals(
        503, read(reply(200, "{\"error\":{\"code\":503,\"message\":\"x\"}}")).response().code());
    assertEquals("DeadToken", verdict(readLegacy(reply(200, "{\"error\":\"NotRegistered\"}"))));
    assertEquals("Delivered", verdict(read(reply(200, "{\"name\":\"the \\\"error\\\"\"}"))));
  }

  @Test
  void aFieldThatIsWrongIsOurFaultAndNeverTheTokens() {
    String body =
        error(
            "INVALID_ARGUMENT",
            BAD_TOKEN,
            violations("message.data[0].value"),
            detail("INVALID_ARGUMENT"));
    assertEquals("SERVER", verdict(read(reply(400, body))));
    assertEquals(
        "SERVER",
        verdict(
            read(
                reply(
                    400, error("INVALID_ARGUMENT", "why", violations("message.data[0].value"))))));
  }

  @Test
  void a400ThatOnlyTalksOfTokensKillsNone() {
    assertEquals("PUSH", verdict(read(reply(400, error("INVALID_ARGUMENT", BAD_TOKEN)))));
  }

  @Test
  void a404WithoutAnFcmErrorNeverKillsAToken() {
    for (String body : new String[] {"", "<html>404</html>", error("NOT_FOUND", "x"), "{}"}) {
      Answer answer = read(reply(404, body));
      assertEquals("APPLICATION", verdict(answer), body);
      assertEquals(404, answer.response().code());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[]",
        "3",
        "null",
        "{\"error\":null}",
        "{\"error\":[]}",
        "{\"error\":{}}",
        "{\"foo\":1}"
      })
  void rubbishIsJudgedByItsHttpStatus(String body) {
    assertEquals("Delivered", verdict(read(reply(200, body))));
    assertEquals("SERVER", verdict(read(reply(400, body))));
    assertEquals("Later", verdict(read(reply(500, body))));
    assertEquals("Delivered", verdict(readLegacy(reply(200, body))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\":{\"details\":{}}}",
        "{\"error\":{\"details\":[null,1,[],{\"@type\":5}],\"message\":{}}}"
      })
  void anErrorThatSaysNothingIsJudgedByItsHttpStatus(String body) {
    assertEquals("Later", verdict(read(reply(200, body))));
    assertEquals("SERVER", verdict(read(reply(400, body))));
    assertEquals("Later", verdict(read(reply(500, body))));
  }

  @Test
  void theReasonIsThePhraseAndTheMessage() {
    assertEquals("OK", read(reply(200, "{\"name\":\"x\"}")).response().reason());
    assertEquals("Bad Request", read(reply(400, "{\"foo\":1}")).response().reason());
    assertEquals(
        "Not Found Requested entity was not found.",
        read(reply(
                404, error("NOT_FOUND", "Requested entity was not found.", detail("UNREGISTERED"))))
            .response()
            .reason());
  }

  @Test
  void theBodyShowsWhatFcmSaidAndWhereItWasAsked() {
    String said = error("NOT_FOUND", "gone", detail("UNREGISTERED"));
    Answer answer = read(reply(404, said));
    JsonObject body = new JsonObject(answer.response().body());
    assertEquals(new JsonObject(said), body.getJsonObject("_content"));
    assertEquals(404, body.getInteger("status_code"));
    assertEquals("Not Found", body.getString("reason"));
    assertEquals(URL, body.getString("url"));
    assertEquals(URL, answer.response().url());
  }

  @ParameterizedTest
  @CsvSource({"429, 60", "503, ", "500, "})
  void withoutRetryAfterAQuotaWaitsAMinuteAndTheRestAsTheBackOffSays(int status, Long seconds) {
    Answer.Later later = assertInstanceOf(Answer.Later.class, read(reply(status, "")));
    assertEquals(seconds == null ? null : Duration.ofSeconds(seconds), later.after());
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void retryAfterIsHonoured(int status) {
    Reply reply = reply(status, "");
    reply.headers().set("Retry-After", "7");
    Answer.Later later = assertInstanceOf(Answer.Later.class, read(reply));
    assertEquals(Duration.ofSeconds(7), later.after());
  }

  @ParameterizedTest
  @CsvSource({
    "NotRegistered, DeadToken, 410",
    "InvalidRegistration, DeadToken, 410",
    "MissingRegistration, SERVER, 400",
    "InvalidParameters, SERVER, 400",
    "InvalidDataKey, SERVER, 400",
    "InvalidTtl, SERVER, 400",
    "MessageTooBig, PUSH, 413",
    "MismatchSenderId, APPLICATION, 403",
    "InvalidPackageName, APPLICATION, 403",
    "InvalidApnsCredential, APPLICATION, 401",
    "DeviceMessageRateExceeded, Later, 429",
    "Unavailable, Later, 503",
    "InternalServerError, Later, 500",
    "NobodyKnows, PUSH, 502",
  })
  void aLegacy200MayHoldARefusal(String error, String verdict, int code) {
    String body = "{\"failure\":1,\"results\":[{\"error\":\"" + error + "\"}],\"success\":0}";
    Answer answer = readLegacy(reply(200, body));
    assertEquals(verdict, verdict(answer));
    assertEquals(code, answer.response().code());
    assertEquals(error, answer.response().reason());
    assertEquals(
        200, new JsonObject(answer.response().body()).getInteger("status_code").intValue());
    assertEquals("Delivered", verdict(read(reply(200, body))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"success\":1,\"results\":[{\"message_id\":\"1\"}]}", "{\"name\":\"x\"}"})
  void aLegacy200WithoutAnErrorIsDelivered(String body) {
    assertEquals("Delivered", verdict(readLegacy(reply(200, body))));
  }

  @Test
  void onlyA401ThatIsNotAboutFirebasesOwnCredentialsIsAboutOurs() {
    assertEquals(RENEW, remedy(reply(401, error("UNAUTHENTICATED", "x"))));
    assertEquals(RENEW, remedy(reply(401, "<html/>")));
    assertEquals(
        Remedy.NONE,
        remedy(reply(401, error("UNAUTHENTICATED", "x", detail("THIRD_PARTY_AUTH_ERROR")))));
    assertEquals(Remedy.NONE, remedy(reply(403, "")));
  }

  @Test
  void aRefusedServiceAccountIs401AndTheApplicationsFault() {
    Response response = FcmAnswers.unauthorized(new TokenException(true, "invalid_grant"));
    assertEquals(401, response.code());
    assertEquals("invalid_grant", response.reason());
    assertEquals("", response.url(), "it was never sent");
  }

  @ParameterizedTest
  @CsvSource({
    "401, UNAUTHENTICATED, , REFUSED",
    "403, PERMISSION_DENIED, , REFUSED",
    "401, UNAUTHENTICATED, THIRD_PARTY_AUTH_ERROR, ACCEPTED",
    "403, PERMISSION_DENIED, SENDER_ID_MISMATCH, ACCEPTED",
    "403, PERMISSION_DENIED, UNSPECIFIED_ERROR, ACCEPTED",
    "404, NOT_FOUND, UNREGISTERED, ACCEPTED",
    "400, INVALID_ARGUMENT, INVALID_ARGUMENT, ACCEPTED",
    "400, INVALID_ARGUMENT, , UNTOLD",
    "404, NOT_FOUND, , UNTOLD",
    "429, RESOURCE_EXHAUSTED, , UNTOLD",
    "503, UNAVAILABLE, , UNTOLD",
  })
  void anAnswerAboutOnePushSaysNothingBadOfTheCredentials(
      int http, String status, String code, Credentials credentials) {
    JsonObject[] details = code == null ? new JsonObject[0] : new JsonObject[] {detail(code)};
    Reply reply = reply(http, error(status, "why", details));
    assertEquals(credentials, v1.read(reply, ManualTime.START).credentials());
  }

  @Test
  void withoutGooglesWordsOnlyA401IsAboutTheCredentials() {
    for (int status = 200; status <= 599; status++) {
      Credentials expected = status == 401 ? Credentials.REFUSED : Credentials.UNTOLD;
      Reply page = reply(status, "<html/>");
      assertEquals(expected, v1.read(page, ManualTime.START).credentials(), "status " + status);
      Reply empty = reply(status, "");
      assertEquals(
          status / 100 == 2 ? Credentials.ACCEPTED : expected,
          v1.read(empty, ManualTime.START).credentials(),
          "status " + status);
    }
  }

  @Test
  void aTokenThatTheAnswerRepeatsIsNotInTheReason() {
    String token = "APA91b" + "x9_Y".repeat(33);
    assertEquals(
        "Bad Request no such token: (hidden)",
        read(reply(400, error("INVALID_ARGUMENT", "no such token: " + token))).response().reason());
  }
}
