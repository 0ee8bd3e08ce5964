// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.sandbox.Fault.Kind;

class FaultsTest {
  private final Faults faults = new Faults(new SplittableRandom(1));

  @Test
  void faultsWithOneTimeEachAreAScript() {
    faults.add(Fault.answer(503).times(1));
    faults.add(Fault.answer(429).retryAfter(2).times(2));
    assertEquals(503, status("00"));
    assertEquals(429, status("00"));
    assertEquals(429, status("00"));
    assertEquals(Optional.empty(), faults.next(Service.APNS, "00"));
  }

  @Test
  void aFaultStaysAtItsServiceAndItsTokens() {
    faults.add(Fault.fromJson(json("{'fault':'drop','service':'fcm','token':'AB'}")));
    assertEquals(Optional.empty(), faults.next(Service.APNS, "abcd"));
    assertEquals(Optional.empty(), faults.next(Service.FCM, "cdef"));
    assertEquals(Optional.of(Kind.DROP), faults.next(Service.FCM, "aBcd").map(Fault::kind));
  }

  @Test
  void aFaultHappensAboutAsOftenAsItsProbabilitySays() {
    faults.add(Fault.fromJson(json("{'fault':'stall','probability':0.25}")));
    long happened =
        IntStream.range(0, 10_000).filter(i -> faults.next(Service.APNS, "00").isPresent()).count();
    assertTrue(happened > 2300 && happened < 2700, () -> "happened " + happened);
  }

  @Test
  void clearedFaultsAreOver() {
    faults.add(Fault.of(Kind.DOWN).at(Service.APNS));
    assertTrue(faults.isDown(Service.APNS));
    assertEquals(false, faults.isDown(Service.FCM));
    faults.clear();
    assertEquals(false, faults.isDown(Service.APNS));
  }

  @ParameterizedTest
  @CsvSource({
    "dead00, ANSWER, 410", "bad000, ANSWER, 400", "d0a000, ANSWER, 503", "DOWN00, ANSWER, 503",
    "b05700, ANSWER, 429", "busyxx, ANSWER, 429", "fa1100, ANSWER, 503", "FAILxx, ANSWER, 503",
    "105700, DROP, 0", "lostxx, DROP, 0", "1d1e00, STALL, 0", "idlexx, STALL, 0",
    "bade00, GOAWAY, 0", "510500, DELAY, 0", "slowxx, DELAY, 0"
  })
  void aTokenAsksForItsFaultByHowItBegins(String token, Kind kind, int status) {
    Fault fault = faults.next(Service.APNS, token).orElseThrow();
    assertEquals(kind, fault.kind());
    if (kind == Kind.ANSWER) {
      assertEquals(status, fault.status());
    }
  }

  @Test
  void aDeadTokenIs404AtGoogle() {
    assertEquals(404, faults.next(Service.FCM, "dead-token").orElseThrow().status());
  }

  @Test
  void aTokenThatFailsInTurnIsTakenTheSecondTime() {
    assertEquals(503, status("fa11aa"));
    assertEquals(503, status("fa11bb"));
    assertEquals(Optional.empty(), faults.next(Service.APNS, "fa11aa"));
    assertEquals(503, status("fa11aa"));
  }

  @ParameterizedTest
  @CsvSource({"51050300ff, 300", "slow0007, 7", "5105ff, 2000", "slow, 2000", "5105000fff, 2000"})
  void aSlowTokenMaySayHowSlow(String token, long ms) {
    assertEquals(Duration.ofMillis(ms), faults.next(Service.APNS, token).orElseThrow().delay());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'fault':'explode'}",
        "{'fault':'answer','status':99}",
        "{'fault':'answer','status':'503'}",
        "{'fault':'delay','delay':-1}",
        "{'fault':'delay','delay':600001}",
        "{'fault':'delay','probability':0}",
        "{'fault':'delay','probability':1.5}",
        "{'fault':'delay','times':-1}",
        "{'fault':'delay','times':null}",
        "{'fault':'delay','service':'sms'}",
        "{'fault':'delay','retry_after':1}",
      })
  void aFaultThatCannotBeIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Fault.fromJson(json(text)));
  }

  private int status(String token) {
    return faults.next(Service.APNS, token).orElseThrow().status();
  }

  private static JsonObject json(String text) {
    return new JsonObject(text.replace('\'', '"'));
  }
}
