// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pushserver.process.ClusterCall.Request;
import org.pushserver.process.ClusterCall.Ring;
import org.pushserver.process.ClusterCall.Said;

/** Calls that rang twice, made up, and whether a reason is found: only where one is shown. */
class ClusterDoublesTest {
  private static final Instant START = Instant.parse("2026-12-01T00:00:00Z");
  private static final Duration ANSWER = Duration.ofMillis(50);
  private static final Set<DoubleReason> ALL = Set.of(DoubleReason.values());

  private final Map<String, List<String>> lines = new HashMap<>();
  private final List<ClusterCall> calls = new ArrayList<>();
  private final ClusterCall call = call("twice");

  /** Which server has which connection is known from calls that rang once. */
  @BeforeEach
  void others() {
    for (String node : List.of("n1", "n2", "n3")) {
      ClusterCall once = call("once-by-" + node);
      rings(once, node, 10);
      delivered(once, node, 5, 60);
    }
  }

  private static Instant at(long ms) {
    return START.plusMillis(ms);
  }

  private ClusterCall call(String token) {
    ClusterCall made = new ClusterCall(token, 1, START, ANSWER);
    calls.add(made);
    return made;
  }

  @CanIgnoreReturnValue
  private Request asks(int caller, String door, long ms) {
    log(door, ms, "push incoming call-id=twice app=a event=incoming_session from=127.0.0.1");
    return call.ask(caller, door, at(ms));
  }

  private static void rings(ClusterCall call, String node, long ms) {
    call.rang(new Ring(at(ms), "connection of " + node));
  }

  /** What a server notes of a ring: when it had it, and when it knew of its end. */
  private void delivered(ClusterCall call, String node, long from, long to) {
    String subject = " call-id=" + call.token + " app=a event=incoming_session device=d ";
    log(node, to, "push attempt" + subject + "attempt=1 status=200 ms=" + (to - from));
    log(node, to, "push outcome" + subject + "result=DELIVERED status=200 ms=" + (to - from));
  }

  private void log(String node, long ms, String line) {
    lines
        .computeIfAbsent(node, first -> new ArrayList<>())
        .add(at(ms).toString().replace("Z", "+00:00") + " INFO  " + line);
  }

  private void rungTwice(String first, String second) {
    rings(call, first, 1_010);
    delivered(call, first, 1_005, 1_065);
    rings(call, second, 3_010);
    delivered(call, second, 3_005, 3_065);
  }

  private ClusterDoubles judged(ClusterFault... faults) {
    List<ClusterLogs.Log> logs =
        lines.entrySet().stream()
            .map(
                each ->
                    new ClusterLogs.Log(
                        each.getKey(), each.getKey(), String.join("\n", each.getValue())))
            .toList();
    return new ClusterDoubles(calls, new ClusterLogs(logs), List.of(faults));
  }

  private static void assertReason(DoubleReason reason, ClusterDoubles doubles) {
    assertEquals(Map.of(reason, 1), doubles.counts());
    assertEquals(List.of(), doubles.besides(Set.of(reason)));
    assertEquals(1, doubles.besides(Set.of()).size(), "it is not honest everywhere");
  }

  private static void assertNoReason(ClusterDoubles doubles) {
    assertEquals(Map.of(), doubles.counts());
    assertEquals(1, doubles.besides(ALL).size());
  }

  private static ClusterFault killed(String node, long ms) {
    return ClusterFault.ofServer(node, at(ms), at(ms));
  }

  @Test
  void aCallThatTwoServersRingForNoReasonHasNone() {
    asks(1, "n1", 1_000);
    rungTwice("n1", "n2");
    assertNoReason(judged());
    assertTrue(judged().besides(ALL).get(0).contains("no reason found"));
  }

  @Test
  void aCallThatOneServerRingsTwiceForOneRequestHasNone() {
    asks(1, "n1", 1_000);
    rungTwice("n1", "n1");
    assertNoReason(judged(killed("n1", 1_020)));
  }

  @Test
  void anAnswerOnItsWayToAServerThatIsKilledIsAReason() {
    asks(1, "n3", 1_000);
    rings(call, "n3", 1_010);
    rings(call, "n2", 1_900);
    delivered(call, "n2", 1_895, 1_960);
    assertReason(DoubleReason.ON_ITS_WAY, judged(killed("n3", 1_020)));
  }

  @Test
  void anAnswerThatAServerHadNotReadWhenItStoodStillIsAReason() {
    asks(1, "n3", 1_000);
    rings(call, "n3", 1_010);
    log("n3", 9_000, "push late call-id=twice app=a event=incoming_session status=200 ms=7995");
    rings(call, "n2", 6_000);
    delivered(call, "n2", 5_995, 6_060);
    assertReason(DoubleReason.ON_ITS_WAY, judged(killed("n3", 2_000)));
  }

  @Test
  void oneThatADeadServerNeverNotedIsAReason() {
    asks(1, "n3", 1_000);
    rings(call, "n3", 1_010);
    rings(call, "n2", 3_000);
    delivered(call, "n2", 2_995, 3_060);
    assertReason(DoubleReason.ON_ITS_WAY, judged(killed("n3", 2_000)));
  }

  @Test
  void theDeathOfAnotherServerIsNone() {
    asks(1, "n1", 1_000);
    rungTwice("n1", "n2");
    assertNoReason(judged(killed("n3", 1_020)));
  }

  @Test
  void aDeathLongAfterTheAnswerIsNone() {
    asks(1, "n3", 1_000);
    rungTwice("n3", "n2");
    assertNoReason(judged(killed("n3", 2_000)));
  }

  @Test
  void aDeathBeforeTheRingIsNone() {
    asks(1, "n1", 1_000);
    rungTwice("n3", "n2");
    assertNoReason(judged(killed("n3", 400)));
  }

  @Test
  void aCutBetweenTheTwoWhileTheAnswerWasOnItsWayIsAReason() {
    asks(1, "n1", 1_000);
    rungTwice("n1", "n3");
    assertReason(
        DoubleReason.ON_ITS_WAY, judged(ClusterFault.ofNetwork("n3", at(1_020), at(1_030))));
  }

  @Test
  void aCutElsewhereIsNone() {
    asks(1, "n1", 1_000);
    rungTwice("n1", "n2");
    assertNoReason(judged(ClusterFault.ofNetwork("n3", at(1_020), at(1_030))));
  }

  @Test
  void whenPacketsAreLostAnAnswerThatACallerAtAnotherServerAwaitsIsAReason() {
    Request request = asks(1, "n2", 1_000);
    rungTwice("n1", "n2");
    request.ended(at(3_070), Said.ANSWERED);
    assertReason(DoubleReason.ON_ITS_WAY, judged(ClusterFault.loss(START, at(30_000))));
  }

  @Test
  void whenPacketsAreLostARingAfterItsAnswerHasNone() {
    asks(1, "n2", 1_000).ended(at(1_100), Said.ANSWERED);
    rungTwice("n1", "n2");
    assertNoReason(judged(ClusterFault.loss(START, at(30_000))));
  }

  @Test
  void whenPacketsAreLostARingWhileTheFirstIsNotAnsweredHasNone() {
    asks(1, "n2", 1_000);
    rings(call, "n1", 1_010);
    delivered(call, "n1", 1_005, 1_065);
    rings(call, "n2", 1_020);
    delivered(call, "n2", 1_015, 1_070);
    assertNoReason(judged(ClusterFault.loss(START, at(30_000))));
  }

  @Test
  void whoAsksAgainAfterHisConnectionBrokeGetsANewRing() {
    asks(1, "n3", 1_000).ended(at(1_020), Said.BROKEN);
    asks(1, "n1", 3_000);
    rungTwice("n3", "n1");
    assertReason(DoubleReason.ASKED_AGAIN, judged());
  }

  @Test
  void whoAsksAgainAfterTheConnectionOfAnotherBrokeDoesNot() {
    asks(1, "n3", 1_000).ended(at(1_020), Said.BROKEN);
    asks(2, "n2", 1_000).ended(at(1_080), Said.ANSWERED);
    asks(2, "n1", 3_000);
    rungTwice("n3", "n1");
    assertNoReason(judged());
  }

  @Test
  void whoAsksAgainAfterARefusalDoesNot() {
    asks(1, "n3", 1_000).ended(at(1_020), Said.REFUSED);
    asks(1, "n1", 3_000);
    rungTwice("n3", "n1");
    assertNoReason(judged());
  }

  @Test
  void whoAsksAgainWhileTheFirstIsWithThePushServiceDoesNot() {
    asks(1, "n3", 1_000).ended(at(1_020), Said.BROKEN);
    asks(1, "n1", 1_030);
    rungTwice("n3", "n1");
    assertNoReason(judged());
  }

  @Test
  void whoAsksAgainMeanwhileBecauseItsServerDiedDoes() {
    asks(1, "n3", 1_000).ended(at(1_020), Said.BROKEN);
    asks(1, "n1", 1_030);
    rings(call, "n3", 1_010);
    rings(call, "n1", 1_035);
    delivered(call, "n1", 1_032, 1_090);
    assertReason(DoubleReason.ASKED_AGAIN, judged(killed("n3", 1_020)));
  }

  @Test
  void whoAsksAgainBeforeItsServerDiedDoesNot() {
    asks(1, "n3", 1_000).ended(at(1_020), Said.BROKEN);
    asks(1, "n1", 1_030);
    rungTwice("n3", "n1");
    assertNoReason(judged(killed("n3", 5_000)));
  }

  @Test
  void aSecondRequestThatComesToTheServerAfterTheFirstWasDeliveredIsANewRing() {
    asks(1, "n1", 1_000);
    asks(2, "n2", 1_000);
    rungTwice("n3", "n3");
    assertReason(DoubleReason.NEW_RING, judged());
  }

  @Test
  void oneThatSharedTheEndOfTheFirstIsNone() {
    asks(1, "n1", 1_000);
    asks(2, "n2", 1_000);
    log("n3", 1_020, "push joined call-id=twice app=a event=incoming_session device=d");
    rungTwice("n3", "n3");
    assertNoReason(judged());
  }

  @Test
  void oneThatCameBeforeTheFirstWasDeliveredIsNone() {
    asks(1, "n1", 1_000);
    asks(2, "n2", 1_000);
    rings(call, "n3", 1_010);
    delivered(call, "n3", 1_005, 1_065);
    rings(call, "n3", 1_030);
    delivered(call, "n3", 1_006, 1_090);
    assertNoReason(judged());
  }

  @Test
  void oneThatWaitedLongForItsTurnIsNone() {
    asks(1, "n1", 1_000);
    asks(2, "n2", 1_000);
    rings(call, "n3", 2_010);
    delivered(call, "n3", 1_005, 2_065);
    rings(call, "n3", 3_010);
    String subject = " call-id=twice app=a event=incoming_session device=d ";
    log("n3", 3_065, "push attempt" + subject + "attempt=1 status=200 ms=60");
    log("n3", 3_065, "push outcome" + subject + "result=DELIVERED status=200 ms=2059");
    assertNoReason(judged());
  }

  @Test
  void oneThatCameToAnotherServerIsNone() {
    asks(1, "n1", 1_000);
    asks(2, "n2", 1_000);
    rungTwice("n1", "n2");
    assertNoReason(judged());
  }

  @Test
  void twoServersThatHadLostEachOtherBeforeTheFirstWasNotedAreApart() {
    asks(1, "n1", 1_000);
    asks(2, "n2", 1_000);
    log("n1", 100, "cluster test: n3 is there, with Pushserver 1; members: n1, n2, n3");
    log("n1", 900, "cluster test: n2 has gone; members: n1, n3");
    rungTwice("n1", "n2");
    assertReason(DoubleReason.APART, judged());
  }

  @Test
  void oneThatSaysNothingIsApart() {
    asks(1, "n1", 1_000);
    log("n1", 100, "cluster test: n3 is there, with Pushserver 1; members: n1, n2, n3");
    log(
        "n1",
        900,
        "cluster server n2-80e3 belongs to the cluster, and has said nothing for 5 s: it counts as"
            + " one that has left");
    rungTwice("n1", "n2");
    assertReason(DoubleReason.APART, judged());
  }

  @Test
  void oneThatHadLostTheServerWhereTheCallerWaitsIsApart() {
    Request request = asks(1, "n3", 1_000);
    log("n3", 100, "cluster test: n1 is there, with Pushserver 1; members: n1, n2, n3");
    log("n3", 900, "cluster test: n1 has gone; members: n2, n3");
    rungTwice("n1", "n2");
    request.ended(at(3_070), Said.ANSWERED);
    assertReason(DoubleReason.APART, judged());
  }

  @Test
  void oneThatHadLostAServerWhereTheCallerHadHisAnswerIsNot() {
    asks(1, "n3", 1_000).ended(at(1_080), Said.ANSWERED);
    log("n3", 100, "cluster test: n1 is there, with Pushserver 1; members: n1, n2, n3");
    log("n3", 900, "cluster test: n1 has gone; members: n2, n3");
    rungTwice("n1", "n2");
    assertNoReason(judged());
  }

  @Test
  void twoThatLostEachOtherLongAfterTheFirstWasNotedAreNot() {
    asks(1, "n1", 1_000);
    log("n1", 100, "cluster test: n3 is there, with Pushserver 1; members: n1, n2, n3");
    log("n1", 1_700, "cluster test: n2 has gone; members: n1, n3");
    rungTwice("n1", "n2");
    assertNoReason(judged());
  }

  @Test
  void twoThatHaveFoundEachOtherAgainAreNot() {
    asks(1, "n1", 1_000);
    log("n1", 100, "cluster test: n2 has gone; members: n1, n3");
    log("n1", 900, "cluster test: n2 is there, with Pushserver 1; members: n1, n2, n3");
    rungTwice("n1", "n2");
    assertNoReason(judged());
  }

  @Test
  void aThirdRingWithoutAReasonLeavesNone() {
    asks(1, "n1", 1_000);
    asks(2, "n2", 1_000);
    rungTwice("n3", "n3");
    rings(call, "n1", 5_010);
    delivered(call, "n1", 5_005, 5_065);
    assertNoReason(judged());
  }
}
