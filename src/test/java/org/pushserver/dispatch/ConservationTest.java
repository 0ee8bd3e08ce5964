// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.queue.SampleAnswers.delivered;
import static org.pushserver.queue.SampleAnswers.later;
import static org.pushserver.queue.SampleAnswers.notSent;
import static org.pushserver.queue.SampleAnswers.said;

import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.pushserver.dispatch.ScriptedService.Attempt;
import org.pushserver.push.Answer;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.queue.PushCounts;

/** Accepted is delivered, refused, dead, expired or turned away: each push once, none lost. */
class ConservationTest {
  private static final int PUSHES = 2_000;
  private static final List<Event> EVENTS =
      List.of(Event.INCOMING_SESSION, Event.CANCEL, Event.MESSAGE, Event.TRANSFER);
  private static final Set<Result> EXPECTED =
      EnumSet.complementOf(EnumSet.of(Result.SUPERSEDED, Result.ABANDONED));
  private static final Pattern CALL_ID = Pattern.compile("^outcome call-id=(\\S+) ");

  private final Random random = new Random(4711);
  private final Random answers = new Random(815);
  private final ConcurrentLinkedQueue<Attempt> open = new ConcurrentLinkedQueue<>();
  private final Map<String, Integer> asked = new ConcurrentHashMap<>();
  private final Map<String, Result> lastWord = new ConcurrentHashMap<>();
  private final Map<String, Future<Outcome>> told = new ConcurrentHashMap<>();

  /** What the service does with one attempt; on the verticle's event loop. */
  private Future<Answer> answer(Attempt attempt) {
    int draw = answers.nextInt(100);
    if (draw < 40) {
      open.add(attempt);
      return attempt.end();
    }
    return outcome(attempt, draw);
  }

  private Future<Answer> outcome(Attempt attempt, int draw) {
    String callId = attempt.push.callId();
    if (draw < 55) {
      return Future.failedFuture(notSent());
    }
    asked.merge(callId, 1, Integer::sum);
    if (draw < 65) {
      return Future.failedFuture(new IOException("reset"));
    }
    if (draw < 70) {
      throw new IllegalStateException("a bug");
    }
    if (draw < 75) {
      return Future.succeededFuture(later(Duration.ofSeconds(answers.nextInt(40))));
    }
    if (draw < 85) {
      return Future.succeededFuture(later(null));
    }
    if (draw < 95) {
      lastWord.put(callId, Result.DELIVERED);
      return Future.succeededFuture(delivered());
    }
    if (draw < 98) {
      lastWord.put(callId, Result.DEAD_TOKEN);
      return Future.succeededFuture(new Answer.DeadToken(said(410, "Unregistered")));
    }
    lastWord.put(callId, Result.REFUSED);
    return Future.succeededFuture(new Answer.Refused(said(400, "Bad"), Answer.Fault.PUSH));
  }

  /** Answers what has been left open for a while, from the test's thread. */
  private void answerOpen() {
    for (Attempt attempt = open.poll(); attempt != null; attempt = open.poll()) {
      String callId = attempt.push.callId();
      if (random.nextInt(3) == 0) {
        if (told.get(callId).isComplete()) {
          // In flight at its deadline it counted as made: nobody could know then.
          asked.merge(callId, 1, Integer::sum);
        }
        attempt.fail(notSent());
      } else {
        asked.merge(callId, 1, Integer::sum);
        lastWord.put(callId, Result.DELIVERED);
        attempt.answer(delivered());
      }
    }
  }

  private Push push(AppFixture app, int number) {
    Event event = EVENTS.get(random.nextInt(EVENTS.size()));
    String callId = number % 50 == 7 ? AppFixture.UNTELLABLE + number : "c" + number;
    return app.push(event, callId, Duration.ofMillis(random.nextInt(90_000)));
  }

  @Test
  void everyPushEndsExactlyOnce() throws Exception {
    AppFixture app = new AppFixture(300);
    app.service.script(this::answer);
    app.start(4);
    List<Push> pushes = new ArrayList<>();
    List<Future<Outcome>> ends = new ArrayList<>();
    while (pushes.size() < PUSHES) {
      for (int burst = random.nextInt(40); burst > 0 && pushes.size() < PUSHES; burst--) {
        Push push = push(app, pushes.size());
        pushes.add(push);
        ends.add(app.deliver(push));
        told.put(push.callId(), ends.get(ends.size() - 1));
      }
      app.settle();
      app.service.window(random.nextInt(6));
      answerOpen();
      app.advance(Duration.ofMillis(random.nextInt(1_500)));
    }
    app.service.window(4);
    for (int second = 0; second < 200; second++) {
      answerOpen();
      app.advance(Duration.ofSeconds(1));
    }
    Map<Result, Integer> tally = new EnumMap<>(Result.class);
    for (int i = 0; i < PUSHES; i++) {
      assertTrue(ends.get(i).isComplete(), pushes.get(i)::toString);
      check(pushes.get(i), await(ends.get(i)));
      tally.merge(await(ends.get(i)).result(), 1, Integer::sum);
    }
    assertEquals(EXPECTED, tally.keySet());
    checkTrail(app);
    checkAccount(app, tally);
    app.close();
  }

  private void check(Push push, Outcome outcome) {
    if (!push.callId().startsWith(AppFixture.UNTELLABLE)) {
      assertEquals(asked.getOrDefault(push.callId(), 0), outcome.attempts(), push::toString);
      Result last = lastWord.get(push.callId());
      boolean said = outcome.result() != Result.EXPIRED && outcome.result() != Result.OVERLOADED;
      // What was in flight at its deadline may be delivered after its caller was told.
      boolean late = outcome.result() == Result.EXPIRED && last == Result.DELIVERED;
      assertEquals(late ? null : last, said ? outcome.result() : null, push::toString);
    }
  }

  /** Each push has one line for its end. */
  private static void checkTrail(AppFixture app) {
    Map<String, Long> lines =
        app.log.lines().stream()
            .map(CALL_ID::matcher)
            .filter(Matcher::find)
            .collect(Collectors.groupingBy(found -> found.group(1), Collectors.counting()));
    assertTrue(lines.values().stream().allMatch(count -> count == 1), lines::toString);
    assertEquals(PUSHES, lines.size());
  }

  private static void checkAccount(AppFixture app, Map<Result, Integer> tally) throws Exception {
    PushCounts counts = await(app.fleet.counts(AppFixture.KEY));
    assertTrue(counts.balances(), counts::toString);
    assertEquals(PUSHES - tally.get(Result.OVERLOADED), counts.accepted());
    tally.forEach((result, count) -> assertEquals((long) count, counts.ended(result)));
  }
}
