// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.pns.Verdict;
import org.pushserver.pns.Verdict.Credentials;
import org.pushserver.pns.Verdict.Remedy;
import org.pushserver.push.Answer;
import org.pushserver.push.Answer.DeadToken;
import org.pushserver.push.Answer.Delivered;
import org.pushserver.push.Answer.Fault;
import org.pushserver.push.Answer.Later;
import org.pushserver.push.Answer.Refused;
import org.pushserver.route.Reply;

class ApnsAnswersTest {
  private static final String URL = "https://api.push.apple.com/3/device/abc";
  private static final String TOPIC = "com.example.phone.voip";
  private static final long NOW = 1_772_366_400_000L;

  private static Verdict judge(int status, String body, String... headers) {
    MultiMap all = MultiMap.caseInsensitiveMultiMap();
    for (int i = 0; i < headers.length; i += 2) {
      all.add(headers[i], headers[i + 1]);
    }
    return ApnsAnswers.judge(new Reply(status, all, Buffer.buffer(body), 1), URL, TOPIC, NOW);
  }

  private static String reason(String reason) {
    return "{\"reason\":\"" + reason + "\"}";
  }

  private static String kind(Answer answer) {
    if (answer instanceof Refused refused) {
      return refused.fault().name();
    }
    return answer.getClass().getSimpleName();
  }

  @ParameterizedTest
  @CsvSource({
    "400, BadCollapseId, SERVER, 400, NONE",
    "400, BadDeviceToken, DeadToken, 410, NONE",
    "400, BadExpirationDate, SERVER, 400, NONE",
    "400, BadMessageId, SERVER, 400, NONE",
    "400, BadPriority, SERVER, 400, NONE",
    "400, BadTopic, APPLICATION, 400, NONE",
    "400, DeviceTokenNotForTopic, APPLICATION, 400, NONE",
    "400, DuplicateHeaders, SERVER, 400, NONE",
    "400, IdleTimeout, Later, 400, RECONNECT",
    "400, InvalidPushType, SERVER, 400, NONE",
    "400, MissingDeviceToken, SERVER, 400, NONE",
    "400, MissingTopic, APPLICATION, 400, NONE",
    "400, PayloadEmpty, SERVER, 400, NONE",
    "400, TopicDisallowed, APPLICATION, 400, NONE",
    "403, BadCertificate, APPLICATION, 403, RECONNECT",
    "403, BadCertificateEnvironment, APPLICATION, 403, RECONNECT",
    "403, BadEnvironmentKeyIdInToken, APPLICATION, 403, RECONNECT",
    "403, BadEnvironmentKeyInToken, APPLICATION, 403, RECONNECT",
    "403, ExpiredProviderToken, APPLICATION, 403, RENEW_AND_REPEAT",
    "403, Forbidden, APPLICATION, 403, NONE",
    "403, InvalidProviderToken, APPLICATION, 403, RECONNECT",
    "403, MissingProviderToken, APPLICATION, 403, NONE",
    "403, UnrelatedKeyIdInToken, APPLICATION, 403, RECONNECT_AND_REPEAT",
    "404, BadPath, SERVER, 404, NONE",
    "405, MethodNotAllowed, SERVER, 405, NONE",
    "410, ExpiredToken, DeadToken, 410, NONE",
    "410, Unregistered, DeadToken, 410, NONE",
    "413, PayloadTooLarge, PUSH, 413, NONE",
    "429, TooManyProviderTokenUpdates, Later, 429, RECONNECT_OR_PAUSE",
    "429, TooManyRequests, Later, 429, NONE",
    "500, InternalServerError, Later, 500, NONE",
    "503, ServiceUnavailable, Later, 503, NONE",
    "503, Shutdown, Later, 503, RECONNECT"
  })
  void everyReasonHasItsMeaning(int status, String reason, String kind, int code, Remedy remedy) {
    Verdict verdict = judge(status, reason(reason));
    assertEquals(kind, kind(verdict.answer()));
    assertEquals(code, verdict.answer().response().code());
    assertEquals(remedy, verdict.remedy());
    assertTrue(verdict.answer().response().reason().startsWith(reason + " - "));
    assertEquals(reason(reason), verdict.answer().response().body());
    assertEquals(URL, verdict.answer().response().url());
  }

  @ParameterizedTest
  @CsvSource({
    "403, BadCertificate, REFUSED",
    "403, BadCertificateEnvironment, REFUSED",
    "403, BadEnvironmentKeyIdInToken, REFUSED",
    "403, BadEnvironmentKeyInToken, REFUSED",
    "403, ExpiredProviderToken, REFUSED",
    "403, InvalidProviderToken, REFUSED",
    "403, MissingProviderToken, REFUSED",
    "403, UnrelatedKeyIdInToken, REFUSED",
    // All these may be about this push only.
    "403, Forbidden, UNTOLD",
    "403, BrandNew, UNTOLD",
    "401, BrandNew, UNTOLD",
    "400, BadTopic, UNTOLD",
    "400, MissingTopic, UNTOLD",
    "400, TopicDisallowed, UNTOLD",
    "400, DeviceTokenNotForTopic, UNTOLD",
    "400, BadDeviceToken, UNTOLD",
    "429, TooManyProviderTokenUpdates, UNTOLD",
    "503, ServiceUnavailable, UNTOLD",
    "410, Unregistered, ACCEPTED",
    "410, ExpiredToken, ACCEPTED",
    "200, '', ACCEPTED"
  })
  void onlyWhatEveryPushWouldBeToldIsAboutTheCredentials(
      int status, String reason, Credentials credentials) {
    assertEquals(credentials, judge(status, reason(reason)).credentials());
  }

  /**
   * Whoever stores tokens keeps those that were registered again after the time that Apple says.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "410; {\"reason\":\"Unregistered\",\"timestamp\":1454948015990}; true; 1454948015990",
        "410; {\"reason\":\"ExpiredToken\",\"timestamp\":\"1454948015990\"}; true; 1454948015990",
        "410; {\"reason\":\"Unregistered\"}; true; 0",
        "410; {\"reason\":\"Unregistered\",\"timestamp\":-5}; true; 0",
        "410; {\"reason\":\"Unregistered\",\"timestamp\":\"yesterday\"}; true; 0",
        "410; ''; true; 0",
        "400; {\"reason\":\"BadDeviceToken\"}; false; 0",
      })
  void ofADeadTokenItIsKnownWhetherAppleKnewItAndSinceWhenItIsDead(
      int status, String body, boolean wasKnown, long since) {
    DeadToken dead = assertInstanceOf(DeadToken.class, judge(status, body).answer());
    assertEquals(wasKnown, dead.wasKnown());
    assertEquals(since, dead.since());
  }

  @ParameterizedTest
  @CsvSource({
    "301, APPLICATION, 502",
    "302, APPLICATION, 502",
    "399, APPLICATION, 502",
    "400, SERVER, 400",
    "401, APPLICATION, 401",
    "403, APPLICATION, 403",
    "404, SERVER, 404",
    "405, SERVER, 405",
    "408, Later, 408",
    "410, DeadToken, 410",
    "413, PUSH, 413",
    "418, SERVER, 418",
    "429, Later, 429",
    "500, Later, 500",
    "502, Later, 502",
    "503, Later, 503",
    "504, Later, 504",
    "600, Later, 502"
  })
  void anUnknownReasonIsJudgedByItsStatus(int status, String kind, int code) {
    Verdict verdict = judge(status, reason("BrandNew"));
    assertEquals(kind, kind(verdict.answer()));
    assertEquals(code, verdict.answer().response().code());
    assertTrue(verdict.answer().response().reason().startsWith("BrandNew"));
    assertEquals(Remedy.NONE, verdict.remedy());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>busy</html>", "[1]", "\"Shutdown\"", "null", "{\"reason\":"})
  void aBodyThatTellsNoReasonDoesNoHarm(String body) {
    Answer answer = judge(503, body).answer();
    assertInstanceOf(Later.class, answer);
    assertEquals("status 503", answer.response().reason());
    assertEquals("{}", answer.response().body());
  }

  @ParameterizedTest
  @CsvSource({
    "BadDeviceToken, DeadToken, 410",
    "ExpiredToken, DeadToken, 410",
    "Unregistered, DeadToken, 410",
    "TopicDisallowed, APPLICATION, 400",
    "DeviceTokenNotForTopic, APPLICATION, 400",
    "InvalidProviderToken, APPLICATION, 403",
    "BadMessageId, SERVER, 400",
    "PayloadTooLarge, PUSH, 413",
    "TooManyRequests, Later, 429",
    "Shutdown, Later, 503"
  })
  void theReasonDecidesWhateverStatusItComesWith(String reason, String kind, int code) {
    Verdict usual = judge(code, reason(reason));
    for (int status = 200; status <= 600; status++) {
      Verdict verdict = judge(status, reason(reason));
      assertEquals(kind, kind(verdict.answer()), "status " + status);
      assertEquals(code, verdict.answer().response().code(), "status " + status);
      assertEquals(usual.remedy(), verdict.remedy(), "status " + status);
      assertEquals(usual.credentials(), verdict.credentials(), "status " + status);
    }
  }

  @Test
  void everyStatusHasAMeaningForAReasonThatNobodyKnows() {
    for (int status = 200; status <= 600; status++) {
      Verdict verdict = judge(status, reason("BrandNew"));
      assertEquals(expected(status), kind(verdict.answer()), "status " + status);
      int code = verdict.answer().response().code();
      boolean told = status >= 400 && status <= 599;
      assertEquals(status < 300 ? 200 : told ? status : 502, code, "status " + status);
    }
  }

  private static String expected(int status) {
    return switch (status) {
      case 401, 403 -> "APPLICATION";
      case 408, 429 -> "Later";
      case 410 -> "DeadToken";
      case 413 -> "PUSH";
      default ->
          switch (status / 100) {
            case 2 -> "Delivered";
            case 3 -> "APPLICATION";
            case 4 -> "SERVER";
            default -> "Later";
          };
    };
  }

  @Test
  void aReasonAboutTheTopicSaysWhichOneWasSent() {
    for (String reason : new String[] {"DeviceTokenNotForTopic", "BadTopic", "TopicDisallowed"}) {
      String told = judge(400, reason(reason)).answer().response().reason();
      assertTrue(told.endsWith("; the topic sent was " + TOPIC), told);
    }
    Reply reply =
        new Reply(
            400,
            MultiMap.caseInsensitiveMultiMap(),
            Buffer.buffer(reason("DeviceTokenNotForTopic")),
            1);
    String told = ApnsAnswers.judge(reply, URL, null, NOW).answer().response().reason();
    assertTrue(told.endsWith("of this one"), told);
  }

  @Test
  void aTokenThatIsProbablyGoodIsNotToldAsDead() {
    Verdict told = judge(400, reason("BadDeviceToken"));
    assertTrue(ApnsAnswers.isBadToken(told.answer()));
    Answer doubted = ApnsAnswers.doubted(told.answer().response());
    assertEquals(Fault.APPLICATION, assertInstanceOf(Refused.class, doubted).fault());
    assertEquals(400, doubted.response().code());
    assertTrue(doubted.response().reason().startsWith("BadDeviceToken - "));
    assertTrue(doubted.response().reason().contains("check apple_push_url"));
    assertEquals(reason("BadDeviceToken"), doubted.response().body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>Welcome to this hotel</html>", "hello", "[1"})
  void aSuccessWithATextThatIsNotApplesIsNone(String body) {
    Later later = assertInstanceOf(Later.class, judge(200, body).answer());
    assertEquals(502, later.response().code());
    assertTrue(later.mayHaveArrived(), "who knows");
    assertTrue(later.response().reason().startsWith("status 200 - with a text"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"x\":1}", "{\"reason\":\"BrandNew\"}", "{\"reason\":"})
  void aDeliveredPushHasAnEmptyAnswerWhateverCameWithIt(String body) {
    Answer answer = judge(200, body).answer();
    assertInstanceOf(Delivered.class, answer);
    assertEquals(200, answer.response().code());
    assertEquals("", answer.response().reason());
    assertEquals("{}", answer.response().body());
  }

  @Test
  void aDeadTokensTimestampReachesTheCaller() {
    Answer answer =
        judge(410, "{\"reason\": \"Unregistered\", \"timestamp\": 1454948015990}").answer();
    assertInstanceOf(DeadToken.class, answer);
    assertEquals(
        "{\"reason\":\"Unregistered\",\"timestamp\":1454948015990}", answer.response().body());
  }

  @Test
  void retryAfterIsTakenAsSecondsOrAsADate() {
    assertEquals(Duration.ofSeconds(7), after("7"));
    assertEquals(Duration.ofSeconds(90), after("Sun, 01 Mar 2026 12:01:30 GMT"));
    assertEquals(Duration.ZERO, after("Sun, 01 Mar 2026 11:00:00 GMT"));
    assertNull(after("soon"));
    assertNull(((Later) judge(429, reason("TooManyRequests")).answer()).after());
  }

  private static Duration after(String value) {
    Answer answer = judge(429, reason("TooManyRequests"), "Retry-After", value).answer();
    return ((Later) answer).after();
  }

  @Test
  void aPayloadThatIsTooLargeIsThePushesFault() {
    Answer answer = ApnsAnswers.tooLarge(4097, 4096, URL);
    assertEquals(Fault.PUSH, assertInstanceOf(Refused.class, answer).fault());
    assertEquals(413, answer.response().code());
    assertTrue(answer.response().reason().startsWith("PayloadTooLarge - 4097 bytes"));
  }

  @Test
  void aTokenThatIsRepeatedIsNotInTheReason() {
    String said = reason("NoSuch " + "6688ff9c".repeat(8));
    String told = judge(418, said).answer().response().reason();
    assertTrue(told.startsWith("NoSuch (hidden)"), told);
  }
}
