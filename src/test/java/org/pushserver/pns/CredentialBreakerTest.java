// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import ch.qos.logback.classic.Level;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.ManualTime;
import org.pushserver.pns.Verdict.Credentials;
import org.pushserver.push.Answer;
import org.pushserver.push.Answer.Fault;
import org.pushserver.push.AppKey;
import org.pushserver.push.Response;
import org.pushserver.route.Route;
import org.pushserver.spi.Condition;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Trial;

class CredentialBreakerTest {
  private final ManualTime time = new ManualTime();
  private final LogTrail log = new LogTrail(Route.class.getName());
  private final List<Promise<Verdict>> sent = new ArrayList<>();
  private Vertx vertx;
  private Context context;
  private CredentialBreaker breaker;
  private int changes;

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    context = vertx.getOrCreateContext();
    breaker =
        on(
            () ->
                new CredentialBreaker(
                    "phone",
                    "check key_id",
                    push -> push.device().token(),
                    vertx,
                    time,
                    () -> changes++));
  }

  @AfterEach
  void stop() throws Exception {
    log.close();
    await(vertx.close());
  }

  /** Does something on the event loop of the breaker. */
  private <T> T on(Callable<T> action) throws Exception {
    Promise<T> promise = Promise.promise();
    context.runOnContext(
        turn -> {
          try {
            promise.complete(action.call());
          } catch (Exception e) {
            promise.fail(e);
          }
        });
    return await(promise.future());
  }

  /** Hands a push over; it is sent when {@link #sent} grows. */
  private Future<Answer> push(String url) throws Exception {
    return on(
        () ->
            breaker.send(
                Trial.push(new AppKey("com.example.phone", AppKey.APPLE), url, time.now()),
                () -> {
                  Promise<Verdict> answer = Promise.promise();
                  sent.add(answer);
                  return answer.future();
                }));
  }

  private static Verdict refused(String url) {
    return refused("InvalidProviderToken - why", url);
  }

  private static Verdict refused(String reason, String url) {
    Response response = new Response(403, reason, url, "{\"reason\":1}");
    return new Verdict(new Answer.Refused(response, Fault.APPLICATION), Credentials.REFUSED);
  }

  private static Verdict accepted() {
    return new Verdict(
        new Answer.Delivered(new Response(200, "", "u", "{}")), Credentials.ACCEPTED);
  }

  private static Verdict later() {
    Response response = new Response(503, "busy", "u", "{}");
    return new Verdict(new Answer.Later(response, null, false), Credentials.UNTOLD);
  }

  /** The service answers the n-th push that was sent. */
  private void answer(int push, Verdict verdict) throws Exception {
    assertTrue(
        on(
            () -> {
              sent.get(push).complete(verdict);
              return true;
            }));
  }

  private void sendAndAnswer(Verdict verdict) throws Exception {
    Future<Answer> pushed = push("u");
    answer(sent.size() - 1, verdict);
    assertEquals(verdict.answer(), await(pushed));
  }

  private void sendAndRefuse(int times) throws Exception {
    for (int i = 0; i < times; i++) {
      sendAndAnswer(refused("u"));
    }
  }

  /** It takes three, which are the first that are sent. */
  private void goDown() throws Exception {
    sendAndRefuse(3);
    assertTrue(isRefused());
  }

  private boolean isRefused() throws Exception {
    return on(() -> breaker.refused().isPresent());
  }

  @Test
  void twoRefusalsAreForgottenWhenAPushIsAccepted() throws Exception {
    sendAndRefuse(2);
    sendAndAnswer(accepted());
    sendAndRefuse(2);
    assertFalse(isRefused());
    assertEquals(7, on(() -> breaker.window(7)));
    assertEquals(0, changes);
    assertEquals(List.of(), log.lines());
    sendAndRefuse(1);
    assertTrue(isRefused());
  }

  @Test
  void anotherReasonStartsAnew() throws Exception {
    sendAndRefuse(2);
    sendAndAnswer(refused("BadCertificate", "u"));
    sendAndRefuse(2);
    assertFalse(isRefused());
    sendAndAnswer(refused("BadCertificate", "u"));
    sendAndAnswer(refused("BadCertificate", "u"));
    assertFalse(isRefused());
    sendAndAnswer(refused("BadCertificate", "u"));
    assertEquals(
        "BadCertificate; check key_id", on(() -> breaker.refused().orElseThrow().reason()));
  }

  @Test
  void whatTellsNothingNeitherCountsNorStartsAnew() throws Exception {
    sendAndRefuse(1);
    sendAndAnswer(later());
    sendAndRefuse(1);
    assertFalse(push("u").isComplete());
    assertTrue(on(() -> sent.get(3).tryFail(new NotSentException("no connection"))));
    sendAndAnswer(later());
    assertFalse(isRefused());
    sendAndRefuse(1);
    assertTrue(isRefused());
  }

  @Test
  void onceAcceptedAgainItTakesThreeAgain() throws Exception {
    goDown();
    time.advance(Duration.ofMillis(1200));
    sendAndAnswer(accepted());
    sendAndRefuse(2);
    assertFalse(isRefused());
    sendAndRefuse(1);
    assertTrue(isRefused());
  }

  @Test
  void whatWasSaidBeforeItWasReleasedDoesNotCount() throws Exception {
    sendAndRefuse(2);
    assertTrue(
        on(
            () -> {
              breaker.withhold(new Response(403, "expired", "", "{}"));
              breaker.release();
              return true;
            }));
    sendAndRefuse(2);
    assertFalse(isRefused());
  }

  @Test
  void aBelievedRefusalAnswersAllThatFollowWithoutSendingThem() throws Exception {
    goDown();
    for (int i = 0; i < 50; i++) {
      Answer.Refused answer = assertInstanceOf(Answer.Refused.class, await(push("u" + i)));
      assertEquals(
          new Response(403, "InvalidProviderToken - why", "u" + i, "{\"reason\":1}"),
          answer.response());
      assertEquals(Fault.APPLICATION, answer.fault());
    }
    assertEquals(3, sent.size());
    Condition condition = on(() -> breaker.refused().orElseThrow());
    assertEquals(Condition.State.REFUSED, condition.state());
    assertEquals("InvalidProviderToken - why; check key_id", condition.reason());
    assertEquals(1, changes);
  }

  @Test
  void hundredsInFlightWhenItBreaksAreOneLineInTheLog() throws Exception {
    for (int i = 0; i < 300; i++) {
      assertFalse(push("u" + i).isComplete());
    }
    for (int i = 0; i < 300; i++) {
      answer(i, refused("u" + i));
    }
    assertEquals(1, log.lines(Level.ERROR).size());
    assertEquals(1, log.lines().size());
    assertTrue(log.lines().get(0).startsWith("[phone] "), log.lines().get(0));
    assertEquals(1, changes);
    time.advance(Duration.ofMillis(1200));
    assertFalse(push("probe").isComplete(), "all of them together cost the first delay");
    assertEquals(301, sent.size());
  }

  @Test
  void onePushAtATimeIsTriedAfterASecondDoublingToAMinute() throws Exception {
    goDown();
    int tried = sent.size();
    for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 60, 60, 60}) {
      time.advance(Duration.ofMillis(seconds * 800L - 1));
      assertInstanceOf(Answer.Refused.class, await(push("early")));
      assertEquals(tried, sent.size());
      time.advance(Duration.ofMillis(seconds * 400L + 1));
      Future<Answer> probe = push("probe");
      assertInstanceOf(Answer.Refused.class, await(push("beside it")));
      assertEquals(++tried, sent.size());
      answer(tried - 1, refused("probe"));
      assertInstanceOf(Answer.Refused.class, await(probe));
    }
    assertEquals(1, log.lines().size());
  }

  @Test
  void theFirstThatIsAcceptedEndsIt() throws Exception {
    goDown();
    time.advance(Duration.ofMillis(1200));
    sendAndAnswer(accepted());
    assertFalse(isRefused());
    assertEquals(2, changes);
    assertEquals(1, log.lines(Level.INFO).size());
    assertTrue(log.lines(Level.INFO).get(0).startsWith("[phone] "));
    assertFalse(push("next").isComplete());
    assertFalse(push("next").isComplete());
    assertEquals(6, sent.size());
  }

  @Test
  void whatWasSentBeforeSaysNothingAboutTheTimeAfter() throws Exception {
    for (int i = 0; i < 7; i++) {
      assertFalse(push("u" + i).isComplete());
    }
    for (int i = 0; i < 3; i++) {
      answer(i, refused("u" + i));
    }
    answer(3, accepted());
    assertTrue(isRefused(), "u3 was let in before the key was revoked");
    time.advance(Duration.ofMillis(1200));
    sendAndAnswer(accepted());
    for (int i = 4; i < 7; i++) {
      answer(i, refused("u" + i));
    }
    assertFalse(isRefused(), "u4 to u6 were refused before the key was good again");
  }

  @Test
  void anAnswerThatTellsNothingLetsTheNextTryWait() throws Exception {
    goDown();
    time.advance(Duration.ofMillis(1200));
    sendAndAnswer(later());
    assertTrue(isRefused());
    assertInstanceOf(Answer.Refused.class, await(push("next")));
    time.advance(Duration.ofMillis(1200));
    assertFalse(push("probe").isComplete());
  }

  @Test
  void aTryThatIsNeverSentIsNotTheLast() throws Exception {
    goDown();
    time.advance(Duration.ofMillis(1200));
    Future<Answer> probe = push("probe");
    assertTrue(on(() -> sent.get(3).tryFail(new NotSentException("no connection"))));
    assertInstanceOf(
        NotSentException.class,
        on(() -> probe.cause() == null ? new AssertionError("no cause") : probe.cause()));
    assertTrue(isRefused());
    time.advance(Duration.ofMillis(1200));
    assertFalse(push("probe").isComplete());
    assertEquals(5, sent.size());
  }

  @Test
  void anotherReasonIsNews() throws Exception {
    goDown();
    time.advance(Duration.ofMillis(1200));
    sendAndAnswer(refused("BadCertificate", "u"));
    assertEquals(
        "BadCertificate; check key_id", on(() -> breaker.refused().orElseThrow().reason()));
    assertEquals(2, log.lines(Level.ERROR).size());
  }

  @Test
  void theWindowIsOpenBesideWhatIsStillInFlight() throws Exception {
    assertEquals(7, on(() -> breaker.window(7)));
    assertEquals(0, on(() -> breaker.window(0)));
    for (int i = 0; i < 20; i++) {
      assertFalse(push("u").isComplete());
    }
    for (int i = 0; i < 3; i++) {
      answer(i, refused("u"));
    }
    assertEquals(17 + 100, on(() -> breaker.window(0)));
  }

  @Test
  void whatIsKnownWithoutAskingIsNeverTriedUntilItIsReleased() throws Exception {
    Response expired = new Response(403, "expired", "", "{}");
    assertTrue(
        on(
            () -> {
              breaker.withhold(expired);
              breaker.withhold(expired);
              return true;
            }));
    time.advance(Duration.ofDays(1));
    Answer.Refused answer = assertInstanceOf(Answer.Refused.class, await(push("u")));
    assertEquals(expired, answer.response());
    assertEquals(0, sent.size());
    assertEquals(1, log.lines(Level.ERROR).size());
    assertEquals(
        Optional.empty(),
        on(
            () -> {
              breaker.release();
              breaker.release();
              return breaker.refused();
            }));
    assertFalse(push("u").isComplete());
    assertEquals(2, changes);
  }

  @Test
  void whatTheServiceRefusesIsNotForOthersToRelease() throws Exception {
    goDown();
    assertTrue(
        on(
            () -> {
              breaker.release();
              return breaker.refused().isPresent();
            }));
  }
}
