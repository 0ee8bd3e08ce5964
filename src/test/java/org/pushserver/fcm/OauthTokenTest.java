// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.ManualTime;
import org.pushserver.pns.Endpoint;

class OauthTokenTest {
  /** Draws one half each time. */
  private static final long NO_JITTER = Long.MIN_VALUE;

  private static final long HOUR_SECONDS = 3600;

  private final ManualTime time = new ManualTime();
  private final OauthToken token = new OauthToken(access(), () -> NO_JITTER);
  private final List<Promise<AccessToken>> asked = new ArrayList<>();

  private static TokenAccess access() {
    return new TokenAccess(
        new Credential("a@b", "k", null, Endpoint.parse("https://t.example/token"), "x"),
        null,
        null);
  }

  private Future<AccessToken> ask() {
    Promise<AccessToken> promise = Promise.promise();
    asked.add(promise);
    return promise.future();
  }

  private Future<AccessToken> renew() {
    return token.renewWhenDue(time, this::ask);
  }

  private Future<AccessToken> replace(String header) {
    return token.replace(header, time, this::ask);
  }

  private void answer(String value) {
    answer(value, HOUR_SECONDS);
  }

  private void answer(String value, long life) {
    last().complete(AccessToken.of(value, time.nanos(), life));
  }

  private void fail(boolean refusal) {
    last().fail(new TokenException(refusal, "no"));
  }

  private Promise<AccessToken> last() {
    return asked.get(asked.size() - 1);
  }

  private Duration due() {
    return Duration.ofNanos(token.dueIn(time.nanos()));
  }

  private String header() {
    AccessToken usable = token.usable(time.nanos());
    return usable == null ? null : usable.header();
  }

  private void have(String value) {
    Future<AccessToken> renewed = renew();
    answer(value);
    assertTrue(renewed.succeeded());
  }

  @Test
  void allWhoWantATokenShareOneRequest() {
    List<Future<AccessToken>> wanting = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      wanting.add(renew());
    }
    answer("A");
    assertEquals(1, asked.size());
    for (Future<AccessToken> each : wanting) {
      assertEquals("Bearer A", each.result().header());
    }
  }

  @Test
  void allAreToldBeforeWhatWasAskedForEnds() {
    List<String> told = new ArrayList<>();
    token.addListener("app", () -> told.add("news"));
    Future<String> failed = renew().eventually(() -> ended(told)).map(AccessToken::header);
    fail(false);
    assertTrue(failed.failed());
    time.advance(due());
    Future<String> renewed = renew().eventually(() -> ended(told)).map(AccessToken::header);
    answer("A");
    assertEquals("Bearer A", renewed.result());
    assertEquals(List.of("news", "end", "news", "end"), told);
  }

  private static Future<Void> ended(List<String> told) {
    told.add("end");
    return Future.succeededFuture();
  }

  @Test
  void aTokenIsRenewedThreeMinutesAndThreeQuartersBeforeItsEnd() {
    have("A");
    assertEquals(Duration.ofSeconds(HOUR_SECONDS - 225), due());
    assertTrue(renew().succeeded());
    assertEquals(1, asked.size());
    time.advance(due());
    Future<AccessToken> renewed = renew();
    assertEquals(2, asked.size());
    assertEquals("Bearer A", header(), "still good while another is on its way");
    answer("B");
    assertTrue(renewed.succeeded());
    assertEquals("Bearer B", header());
  }

  @Test
  void aTokenIsNeverUsedInItsLastBit() {
    have("A");
    time.advance(Duration.ofSeconds(HOUR_SECONDS - 31));
    assertEquals("Bearer A", header());
    time.advance(Duration.ofSeconds(1));
    assertNull(header());
  }

  @Test
  void theLifeThatTheServerGivesCounts() {
    assertFalse(renew().isComplete());
    answer("A", 80);
    assertEquals(Duration.ofSeconds(60), due());
    time.advance(Duration.ofSeconds(69));
    assertNotNull(header());
    time.advance(Duration.ofSeconds(1));
    assertNull(header());
  }

  @Test
  void aFailureIsTriedAgainAfterHalfASecondDoublingToThirty() {
    for (long ms : new long[] {500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000}) {
      Future<AccessToken> failed = renew();
      fail(false);
      assertTrue(failed.failed());
      assertEquals(Duration.ofMillis(ms), due());
      time.advance(due());
    }
    assertEquals(8, asked.size());
  }

  @Test
  void nobodyAsksBeforeTheDelayIsOver() {
    assertFalse(renew().isComplete());
    fail(false);
    assertTrue(renew().failed());
    assertTrue(replace("Bearer A").failed());
    assertEquals(1, asked.size());
  }

  @Test
  void whatTheRequestThrowsIsAFailureLikeAnyOther() {
    Future<AccessToken> failed =
        token.renewWhenDue(
            time,
            () -> {
              throw new IllegalStateException("client is closed");
            });
    assertTrue(failed.failed());
    time.advance(due());
    have("A");
    assertEquals("Bearer A", header());
  }

  @Test
  void aFailedRenewalAheadLeavesTheTokenInUse() {
    have("A");
    time.advance(due());
    assertFalse(renew().isComplete());
    fail(false);
    assertEquals("Bearer A", header());
    assertEquals(Duration.ofMillis(500), due());
  }

  @Test
  void anAccountCountsAsRefusedWhenThatWasSaidTwiceInARow() {
    assertFalse(renew().isComplete());
    fail(true);
    assertNull(token.refusal());
    assertEquals(Duration.ofMillis(500), due());
    time.advance(due());
    assertFalse(renew().isComplete());
    fail(true);
    assertNotNull(token.refusal());
    assertEquals(Duration.ofSeconds(60), due(), "no hammering");
  }

  @Test
  void aRefusalAndAnOutageAreNotTwoRefusals() {
    for (boolean refusal : new boolean[] {true, false, true}) {
      assertFalse(renew().isComplete());
      fail(refusal);
      time.advance(due());
    }
    assertNull(token.refusal());
  }

  @Test
  void aTokenEndsARefusal() {
    for (int i = 0; i < 2; i++) {
      assertFalse(renew().isComplete());
      fail(true);
      time.advance(due());
    }
    have("A");
    assertNull(token.refusal());
    assertNull(token.lastFailure());
  }

  @Test
  void howeverManyReportTheSameRefusedTokenItIsReplacedOnce() {
    have("A");
    List<Future<AccessToken>> waiting = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      waiting.add(replace("Bearer A"));
    }
    assertNull(header(), "a refused token is not used while another is on its way");
    answer("B");
    for (Future<AccessToken> each : waiting) {
      assertEquals("Bearer B", each.result().header());
    }
    assertEquals("Bearer B", replace("Bearer A").result().header(), "a late report");
    assertEquals(2, asked.size());
  }

  @Test
  void aReplacementThatIsRefusedTooIsNotReplacedAtOnce() {
    have("A");
    assertTrue(token.isReplaceable("Bearer A", time.nanos()));
    assertFalse(replace("Bearer A").isComplete());
    answer("B");
    assertTrue(token.isReplaceable("Bearer A", time.nanos()), "B has not been tried by this one");
    assertFalse(token.isReplaceable("Bearer B", time.nanos()));
    time.advance(Duration.ofSeconds(10));
    assertTrue(token.isReplaceable("Bearer B", time.nanos()));
  }

  @Test
  void aRefusedTokenIsNotUsedWhileNoOtherCanBeAskedFor() {
    have("A");
    time.advance(due());
    assertFalse(renew().isComplete());
    fail(false);
    assertTrue(replace("Bearer A").failed());
    assertNull(header());
  }

  @Test
  void listenersHearOfEveryOutcome() {
    List<String> heard = new ArrayList<>();
    Runnable listener = () -> heard.add(String.valueOf(header()));
    token.addListener("phone", listener);
    assertFalse(renew().isComplete());
    fail(false);
    time.advance(due());
    have("A");
    token.removeListener(listener);
    time.advance(due());
    have("B");
    assertEquals(List.of("null", "Bearer A"), heard);
  }

  @Test
  void noTextOfATokenShowsIt() {
    have("secret");
    assertFalse(token.usable(time.nanos()).toString().contains("secret"));
  }
}
