// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.pushserver.events.Attempt;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.Answer;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Payload;
import org.pushserver.spi.SamplePush;
import org.pushserver.trail.TrailStep.What;

class TrailListenerTest {
  private static final Response TAKEN = new Response(200, "", "https://apple", "{}", 7);
  private static final Response BUSY = new Response(503, "ServiceUnavailable", "", "{}", 8);

  private final ManualTime time = new ManualTime(SamplePush.BORN);
  private final TrailCounts counts = new TrailCounts();
  private final TrailQueue queue = new TrailQueue(1 << 20, counts);
  private final Push ring = SamplePush.of(Event.INCOMING_SESSION).push();
  private final TrailListener listener = new TrailListener(ring.app(), queue, time, gone -> {});

  private TrailEntry entry() {
    return ((TrailDraft) queue.poll()).entry();
  }

  private Attempt attempt(int number, Answer answer, Throwable failure) {
    Payload payload =
        new Payload(Map.of("apns-topic", "com.example.phone.voip"), Buffer.buffer("{}"));
    return new Attempt(number, payload, answer, failure, time.now(), 25_000_000);
  }

  private void delivered(Push push, int attempts) {
    time.advance(Duration.ofMillis(25));
    listener.ended(push, new Outcome(Result.DELIVERED, TAKEN, attempts), time.now());
  }

  private static List<What> whats(TrailEntry entry) {
    return entry.steps().stream().map(TrailStep::what).toList();
  }

  @Test
  void aPushIsOneEntryFromItsRequestToItsEnd() {
    listener.accepted(ring, true);
    listener.attempted(ring, attempt(1, new Answer.Delivered(TAKEN), null));
    delivered(ring, 1);
    TrailEntry entry = entry();
    assertEquals(ring.id(), entry.id());
    assertEquals(SamplePush.BORN, entry.at());
    assertEquals(SamplePush.BORN + 25, entry.endedAt());
    assertEquals(TrailEnd.DELIVERED, entry.end());
    assertEquals(200, entry.code());
    assertEquals(
        List.of(
            TrailStep.of(What.ACCEPTED, SamplePush.BORN, ""),
            new TrailStep(
                What.ATTEMPT, SamplePush.BORN, 1, 200, "", 25, "com.example.phone.voip", 7),
            TrailStep.of(What.ENDED, SamplePush.BORN + 25, ""),
            new TrailStep(What.TOLD, SamplePush.BORN + 25, 0, 200, "the caller", -1, "", 0)),
        entry.steps());
    assertNull(queue.poll());
  }

  @Test
  void aPushThatCameInAtAnotherServerSaysAtWhich() {
    Push push = ring.takenAt("n2");
    listener.accepted(push, true);
    delivered(push, 1);
    TrailEntry entry = entry();
    assertEquals("it came in at server n2", entry.steps().get(0).text());
    assertEquals(ring.sender() == null ? "" : ring.sender(), entry.sender());
  }

  @Test
  void aDeviceThatIsKnownByItsTokenAloneIsNotWrittenWhole() {
    String token = "6688ff9c0123456789abcdef";
    Push push =
        new Push(
            ring.id(),
            ring.app(),
            new Device(token, token),
            ring.event(),
            ring.callId(),
            ring.details(),
            ring.bornAt(),
            ring.deadline());
    listener.accepted(push, true);
    delivered(push, 1);
    TrailEntry entry = entry();
    assertEquals("6688ff9c...", entry.device());
    assertEquals("6688ff9c...", entry.token());
  }

  @Test
  void aCallerThatDoesNotWaitIsToldAtOnce() {
    listener.accepted(ring, false);
    delivered(ring, 1);
    TrailEntry entry = entry();
    assertEquals(List.of(What.ACCEPTED, What.TOLD, What.ENDED), whats(entry));
    assertEquals(202, entry.steps().get(1).status());
  }

  @Test
  void ofWhatAFormerProcessHadItIsNotSaidWhatItsCallerWasTold() {
    listener.accepted(ring, false);
    listener.takenUp(ring, false, true);
    delivered(ring, 1);
    TrailEntry entry = entry();
    assertEquals(List.of(What.ACCEPTED, What.TAKEN_UP, What.ENDED), whats(entry));
    assertEquals(
        "it was in the spool when the server started; it may have reached the phone before",
        entry.steps().get(1).text());
  }

  @Test
  void whatAnotherServerHadSaysSo() {
    listener.accepted(ring, false);
    listener.takenUp(ring, true, false);
    delivered(ring, 1);
    TrailEntry entry = entry();
    assertEquals(List.of(What.ACCEPTED, What.TOLD, What.TAKEN_UP, What.ENDED), whats(entry));
    assertEquals("another server had it", entry.steps().get(2).text());
  }

  @Test
  void whatWaitedForTheRouteSaysWhyAndForHowLong() {
    listener.stands(new Condition(State.CONNECTING, "no connection to Apple"));
    time.advance(Duration.ofSeconds(1));
    listener.accepted(ring, true);
    time.advance(Duration.ofSeconds(3));
    listener.stands(Condition.CONNECTED);
    listener.attempted(ring, attempt(1, new Answer.Delivered(TAKEN), null));
    delivered(ring, 1);
    TrailStep wait = entry().steps().get(1);
    assertEquals(What.WAIT, wait.what());
    assertEquals("no connection to Apple", wait.text());
    // It was born when the clock stood at the beginning.
    assertEquals(4000, wait.tookMs());
  }

  @Test
  void anOutageThatWasOverBeforeIsNoWait() {
    listener.stands(new Condition(State.CONNECTING, "connecting for the first time"));
    listener.stands(Condition.CONNECTED);
    time.advance(Duration.ofSeconds(1));
    listener.accepted(ring, true);
    listener.attempted(ring, attempt(1, new Answer.Delivered(TAKEN), null));
    delivered(ring, 1);
    assertFalse(whats(entry()).contains(What.WAIT));
  }

  @Test
  void whatIsTriedAgainSaysAfterHowLong() {
    listener.accepted(ring, true);
    listener.attempted(ring, attempt(1, new Answer.Later(BUSY, null, false), null));
    listener.pauses(ring, 1500);
    time.advance(Duration.ofMillis(1500));
    listener.attempted(ring, attempt(2, null, new NotSentException("the connection was lost")));
    listener.attempted(ring, attempt(2, new Answer.Delivered(TAKEN), null));
    delivered(ring, 2);
    TrailEntry entry = entry();
    assertEquals(
        List.of(
            What.ACCEPTED,
            What.ATTEMPT,
            What.WAIT,
            What.ATTEMPT,
            What.ATTEMPT,
            What.ENDED,
            What.TOLD),
        whats(entry));
    assertEquals("ServiceUnavailable", entry.steps().get(1).text());
    assertEquals(1500, entry.steps().get(2).tookMs());
    assertEquals("the connection was lost", entry.steps().get(3).text());
    assertEquals(2, entry.attempts());
  }

  @Test
  void anEqualRequestIsAStepOfTheOneThatItShares() {
    Push again = SamplePush.of(Event.INCOMING_SESSION).push();
    Push other =
        new Push(
            new UUID(9, 9),
            again.app(),
            again.device(),
            again.event(),
            again.callId(),
            again.details(),
            again.bornAt(),
            again.deadline(),
            null,
            "192.0.2.7 key=pbx");
    listener.accepted(ring, true);
    listener.accepted(other, true);
    listener.joined(other, ring);
    delivered(ring, 1);
    TrailEntry entry = entry();
    assertEquals(List.of(What.ACCEPTED, What.JOINED, What.ENDED, What.TOLD), whats(entry));
    assertEquals("the same request again, from 192.0.2.7 key=pbx", entry.steps().get(1).text());
    assertNull(queue.poll());
  }

  @Test
  void aRequestThatJoinsARingWhichIsPushedOnceMoreIsANoteOfIt() {
    Push again = SamplePush.of(Event.INCOMING_SESSION).push();
    listener.accepted(ring, true);
    delivered(ring, 1);
    assertEquals(ring.id(), entry().id());
    listener.accepted(again, true);
    listener.joined(again, ring);
    TrailNote note = (TrailNote) queue.poll();
    assertEquals(ring.id(), note.push());
    assertEquals(What.JOINED, note.step().what());
  }

  @Test
  void aPushThatWasNotAcceptedIsAnEntryToo() {
    Response full = new Response(503, "too many pushes wait", "", "{}");
    listener.ended(ring, new Outcome(Result.OVERLOADED, full, 0), time.now());
    TrailEntry entry = entry();
    assertEquals(TrailEnd.OVERLOADED, entry.end());
    assertEquals("too many pushes wait", entry.reason());
  }

  @Test
  void anAttemptThatEndsAfterItsPushIsANote() {
    listener.late(ring, attempt(1, new Answer.Delivered(TAKEN), null));
    TrailNote note = (TrailNote) queue.poll();
    assertEquals(ring.id(), note.push());
    assertEquals(What.LATE, note.step().what());
  }

  @Test
  void whatHasNotEndedIsFoundWithoutAnEnd() {
    listener.accepted(ring, true);
    TrailQuery all = TrailQuery.all(TrailScope.ALL, 10);
    TrailEntry waiting = await(listener.underway(all.ofCall(ring.callId()))).get(0);
    assertNull(waiting.end());
    assertEquals(0, waiting.endedAt());
    assertEquals(List.of(), await(listener.underway(all.ofCall("another"))));
    assertEquals(List.of(), await(listener.underway(TrailQuery.all(TrailScope.NONE, 10))));
    delivered(ring, 1);
    assertEquals(List.of(), await(listener.underway(all)));
  }

  @Test
  void thousandsOfAttemptsDoNotGrowAnEntryWithoutEnd() {
    listener.accepted(ring, true);
    for (int i = 1; i <= 1000; i++) {
      listener.attempted(ring, attempt(i, new Answer.Later(BUSY, null, false), null));
      time.advance(Duration.ofSeconds(1));
    }
    delivered(ring, 1000);
    TrailEntry entry = entry();
    assertEquals(132, entry.steps().size());
    assertTrue(entry.steps().stream().anyMatch(step -> step.text().startsWith("872 steps are")));
    assertEquals(1, entry.steps().get(1).number());
    assertEquals(1000, entry.steps().get(129).number());
  }

  @Test
  void whatComesWhenTheMemoryIsFullIsDroppedAndCounted() {
    TrailQueue small = new TrailQueue(2000, counts);
    TrailListener full = new TrailListener(ring.app(), small, time, gone -> {});
    for (int i = 0; i < 10; i++) {
      full.accepted(ring, true);
      full.ended(ring, new Outcome(Result.DELIVERED, TAKEN, 1), time.now());
    }
    int kept = 0;
    while (small.poll() != null) {
      kept++;
    }
    assertEquals(10, kept + counts.droppedFor(TrailCounts.Dropped.OVERLOAD));
    assertTrue(kept > 0 && kept < 4, "kept " + kept);
    assertEquals(0, small.bytes());
  }
}
