// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.pushserver.fake.LogTrail;
import org.pushserver.push.Answer;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Kind;
import org.pushserver.queue.SendQueueModel.Request;

/**
 * Whatever comes in whatever order, of arrivals, answers, time-outs, cancels, windows, clocks and
 * reloads: accepted pushes end exactly once, nothing is sent too late, and no call rings that was
 * cancelled. {@link SendQueueModel} checks it after each step.
 */
class SendQueuePropertyTest {
  /** One thing that happens, with words for a failed case. */
  private record Step(String words, Consumer<SendQueueModel> action) {
    @Override
    public String toString() {
      return words;
    }
  }

  private LogTrail log;

  @BeforeProperty
  void catchLog() {
    log = new LogTrail();
  }

  @AfterProperty
  void releaseLog() {
    log.close();
  }

  @Property(tries = 2_000)
  void noPushIsLostOrSentInVain(@ForAll("schedules") List<Step> schedule) {
    SendQueueModel model = new SendQueueModel(2);
    schedule.forEach(step -> step.action().accept(model));
    model.finish();
    log.forget();
  }

  /** All of them of one or two calls to two phones. */
  @Property(tries = 2_000)
  void noPhoneRingsAfterItsCancelHoweverEachSpellsIt(
      @ForAll("spelledSchedules") List<Step> schedule) {
    noPushIsLostOrSentInVain(schedule);
  }

  /** Pushes are kept, and forgotten, late, in another order, or not at all. */
  @Property(tries = 2_000)
  void howeverSlowTheStoreIsNothingAcceptedIsLostNorDoesAnythingComeBackThatHasEnded(
      @ForAll("keptSchedules") List<Step> schedule, @ForAll boolean isPatient) {
    HandStore store = new HandStore(isPatient ? 1_000 : 0);
    store.forgetByHand();
    SendQueueModel model = new SendQueueModel(2, store);
    schedule.forEach(step -> step.action().accept(model));
    model.finish();
    assertEquals(List.of(), store.held());
    log.forget();
  }

  /** Where rings are pushed once more whose phones say nothing. */
  @Property(tries = 2_000)
  void noPhoneIsPushedOnceMoreThatWasHeardOfOrWhoseCallIsOver(
      @ForAll("repeatedSchedules") List<Step> schedule) {
    SendQueueModel model = new SendQueueModel(2, Duration.ofSeconds(2));
    schedule.forEach(step -> step.action().accept(model));
    model.finish();
    log.forget();
  }

  @Provide
  Arbitrary<List<Step>> repeatedSchedules() {
    return Arbitraries.frequencyOf(
            Tuple.of(4, arrivals()),
            Tuple.of(4, spelledArrivals()),
            Tuple.of(8, deliveries()),
            Tuple.of(2, answers()),
            Tuple.of(2, withdrawals()),
            Tuple.of(2, acknowledgements()),
            Tuple.of(5, pauses()),
            Tuple.of(1, windows()),
            Tuple.of(1, clocks()),
            Tuple.of(1, reloads()))
        .list()
        .ofMaxSize(80);
  }

  private static Arbitrary<Step> deliveries() {
    return Arbitraries.integers()
        .between(0, 30)
        .map(
            which ->
                new Step(
                    "delivered: " + which,
                    model -> model.answer(which, SampleAnswers.delivered())));
  }

  private static Arbitrary<Step> acknowledgements() {
    return Arbitraries.integers()
        .between(0, 30)
        .map(
            which ->
                new Step(
                    "heard of: " + which,
                    model -> {
                      if (!model.sent.isEmpty()) {
                        model.acknowledge(model.sent.get(which % model.sent.size()));
                      }
                    }));
  }

  @Provide
  Arbitrary<List<Step>> keptSchedules() {
    return Arbitraries.frequencyOf(
            Tuple.of(5, arrivals()),
            Tuple.of(5, spelledArrivals()),
            Tuple.of(2, withdrawals()),
            Tuple.of(8, keeps()),
            Tuple.of(5, answers()),
            Tuple.of(2, pauses()),
            Tuple.of(2, windows()),
            Tuple.of(1, reloads()))
        .list()
        .ofMaxSize(100);
  }

  private static Arbitrary<Step> keeps() {
    Arbitrary<Integer> which = Arbitraries.integers().between(0, 30);
    Arbitrary<Boolean> kept = Arbitraries.of(true, true, true, true, false);
    return Combinators.combine(which, kept)
        .as(
            (one, isKept) ->
                new Step(
                    (isKept ? "kept: " : "not kept: ") + one, model -> model.keep(one, isKept)));
  }

  @Provide
  Arbitrary<List<Step>> schedules() {
    return schedules(arrivals());
  }

  @Provide
  Arbitrary<List<Step>> spelledSchedules() {
    return schedules(spelledArrivals());
  }

  private static Arbitrary<List<Step>> schedules(Arbitrary<Step> arrivals) {
    return Arbitraries.frequencyOf(
            Tuple.of(8, arrivals),
            Tuple.of(6, answers()),
            Tuple.of(2, withdrawals()),
            Tuple.of(3, pauses()),
            Tuple.of(2, windows()),
            Tuple.of(1, clocks()),
            Tuple.of(1, reloads()))
        .list()
        .ofMaxSize(80);
  }

  private static Arbitrary<Event> events() {
    return Arbitraries.of(
        Event.INCOMING_SESSION,
        Event.INCOMING_SESSION,
        Event.INCOMING_CONFERENCE,
        Event.CANCEL,
        Event.CANCEL,
        Event.MESSAGE);
  }

  /** Each as its sender spells the phone: with an id or without, with two tokens or one. */
  private static Arbitrary<Step> spelledArrivals() {
    Arbitrary<String> callIds = Arbitraries.of("a", "a", "a", "b");
    Arbitrary<String> ids = Arbitraries.of("", "x", "X", "y", "z");
    Arbitrary<String> tokens =
        Arbitraries.of("a1", "A1", "b1", "a1-b1", "B1-a1", "c1", "a2", "a2-B2", "b2", "B2", "d2");
    return Combinators.combine(events(), callIds, ids, tokens)
        .as(
            (event, callId, id, tokenOrPair) -> {
              Device device = device(event, id, tokenOrPair);
              return new Step(
                  "%s of call '%s' to %s %s".formatted(event, callId, id, tokenOrPair),
                  model -> model.arrive(event, callId, device, Duration.ofSeconds(64), true));
            });
  }

  /** Of rings whose phones cannot be told, and of such as come too late. */
  private static Arbitrary<Step> withdrawals() {
    Arbitrary<String> callIds = Arbitraries.of("a", "b", "c", "");
    Arbitrary<String> tokens =
        Arbitraries.of("token_of_x", "token_of_y", "a1", "a1-b1", "B2", "c1");
    return Combinators.combine(callIds, tokens, Arbitraries.of(true, true, false))
        .as(
            (callId, token, isCancel) -> {
              Event event = isCancel ? Event.CANCEL : Event.INCOMING_SESSION;
              Device device = device(event, "", token);
              return new Step(
                  "%s of call '%s' to %s, which is not sent".formatted(event, callId, token),
                  model -> {
                    if (isCancel) {
                      model.withdraw(callId, device);
                    } else {
                      Request unused = model.overtaken(callId, device);
                    }
                  });
            });
  }

  private static Device device(Event event, String id, String tokenOrPair) {
    String[] tokens = tokenOrPair.split("-", -1);
    String token = event.kind() == Kind.RING ? tokens[0] : tokens[tokens.length - 1];
    return new Device(token, id.isEmpty() ? null : id, tokenOrPair);
  }

  private static Arbitrary<Step> arrivals() {
    Arbitrary<String> callIds = Arbitraries.of("a", "b", "c", "");
    Arbitrary<String> devices = Arbitraries.of("x", "y");
    Arbitrary<Integer> lives = Arbitraries.of(1, 900, 5_000, 64_000, 7_200_000);
    return Combinators.combine(events(), callIds, devices, lives, Arbitraries.of(true, false))
        .as(
            (event, callId, device, life, waits) ->
                new Step(
                    event + " of call '" + callId + "' to " + device + " for " + life + " ms",
                    model -> model.arrive(event, callId, device, Duration.ofMillis(life), waits)));
  }

  private static Arbitrary<Step> answers() {
    Arbitrary<Integer> which = Arbitraries.integers().between(0, 30);
    Arbitrary<Integer> what = Arbitraries.integers().between(0, 9);
    return Combinators.combine(which, what).as(SendQueuePropertyTest::answer);
  }

  private static Step answer(int which, int what) {
    Answer answer =
        switch (what) {
          case 0 -> new Answer.DeadToken(SampleAnswers.said(410, "Unregistered"));
          case 1 -> new Answer.Refused(SampleAnswers.said(400, "Bad"), Answer.Fault.PUSH);
          case 2 -> new Answer.Later(SampleAnswers.said(503, "Busy"), null, false);
          case 3 -> new Answer.Later(SampleAnswers.said(503, "Busy"), null, true);
          case 4 -> SampleAnswers.later(Duration.ofSeconds(3));
          default -> SampleAnswers.delivered();
        };
    return switch (what) {
      case 8 -> new Step("not sent: " + which, model -> model.fail(which, true));
      case 9 -> new Step("connection lost: " + which, model -> model.fail(which, false));
      default -> new Step(answer + " to " + which, model -> model.answer(which, answer));
    };
  }

  private static Arbitrary<Step> pauses() {
    return Arbitraries.of(1, 400, 1_200, 4_999, 5_000, 30_000, 70_000)
        .map(ms -> new Step(ms + " ms pass", model -> model.advance(Duration.ofMillis(ms))));
  }

  private static Arbitrary<Step> windows() {
    return Arbitraries.integers()
        .between(0, 4)
        .map(size -> new Step("window " + size, model -> model.window(size)));
  }

  private static Arbitrary<Step> clocks() {
    return Arbitraries.of(-7_200, -5, 5, 7_200)
        .map(
            seconds ->
                new Step(
                    "the clock is set by " + seconds + " s",
                    model -> model.setClock(Duration.ofSeconds(seconds))));
  }

  private static Arbitrary<Step> reloads() {
    return Arbitraries.integers()
        .between(0, 3)
        .map(size -> new Step("reload, window " + size, model -> model.reload(size)));
  }
}
