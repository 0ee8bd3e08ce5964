// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.pushserver.fake.Await;
import org.pushserver.sandbox.Notification;
import org.pushserver.sandbox.Sandbox;

/**
 * Callers who ask the servers of a cluster in turn for a ring each, and ask the next one when a
 * connection breaks; and what the stand-in for Apple has got of it, whatever the servers say.
 */
final class ClusterLoad implements AutoCloseable {
  /** After which a call is over that its caller gives up. */
  private static final long GIVEN_UP_MS = 300;

  /** How the tokens begin of phones that are known to the stand-in to take 50 ms, and 1 s. */
  private static final String SOON = "51050050";

  private static final String SLOW = "51051000";
  private static final Duration SOON_TIME = Duration.ofMillis(50);
  private static final Duration SLOW_TIME = Duration.ofSeconds(1);

  private static final long COUNT_MS = 100;
  private static final int MOST_TRIES = 6;
  private static final int ANSWERED = 200;
  private static final int ACCEPTED = 202;

  /**
   * How it is asked.
   *
   * @param perSecond calls
   * @param isAwaited whether callers wait for the end of a ring, or are told 202
   * @param hasCancels whether one call of ten is cancelled soon, by the way it came
   * @param hasRepetitions whether one of ten is asked for twice, at two servers at the same time
   */
  record Plan(int perSecond, boolean isAwaited, boolean hasCancels, boolean hasRepetitions) {
    /** Rings that are waited for. */
    static Plan rings(int perSecond) {
      return new Plan(perSecond, true, false, false);
    }

    /** The same, some of which are cancelled. */
    Plan withCancels() {
      return new Plan(perSecond, isAwaited, true, hasRepetitions);
    }

    /** The same, some of which are asked for twice. */
    Plan withRepetitions() {
      return new Plan(perSecond, isAwaited, hasCancels, true);
    }

    /** The same, and nobody waits. */
    Plan accepted() {
      return new Plan(perSecond, false, hasCancels, hasRepetitions);
    }
  }

  private final List<ServerProcess> doors;
  private final Sandbox sandbox;
  private final Plan plan;
  private final Map<String, ClusterCall> calls = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "callers");
            thread.setDaemon(true);
            return thread;
          });

  private final ScheduledFuture<?> rings;
  private long counted;

  /**
   * Begins at once.
   *
   * @param doors may change meanwhile, but not in number
   */
  ClusterLoad(List<ServerProcess> doors, Sandbox sandbox, Plan plan) {
    this.doors = doors;
    this.sandbox = sandbox;
    this.plan = plan;
    this.counted = sandbox.journal().last();
    rings =
        clock.scheduleAtFixedRate(
            this::ring, 0, TimeUnit.SECONDS.toMicros(1) / plan.perSecond(), TimeUnit.MICROSECONDS);
    ScheduledFuture<?> unused =
        clock.scheduleWithFixedDelay(this::count, COUNT_MS, COUNT_MS, TimeUnit.MILLISECONDS);
  }

  private void ring() {
    int number = numbers.incrementAndGet();
    boolean isTwice = plan.hasRepetitions() && number % 10 == 7;
    String token = (isTwice ? SLOW : SOON) + HexFormat.of().toHexDigits(number).repeat(7);
    ClusterCall call =
        new ClusterCall(token, number, Instant.now(), isTwice ? SLOW_TIME : SOON_TIME);
    calls.put(call.token, call);
    ask(call, number, 1);
    if (isTwice) {
      ask(call, number + 1, 1);
    } else if (plan.hasCancels() && number % 10 == 3) {
      ScheduledFuture<?> unused =
          clock.schedule(() -> giveUp(call), GIVEN_UP_MS, TimeUnit.MILLISECONDS);
    }
  }

  private void ask(ClusterCall call, int door, int tries) {
    open.incrementAndGet();
    ClusterCall.Request request = call.ask(door - tries, name(door), Instant.now());
    send(ServerProcess.ring(call.token), door)
        .whenComplete(
            (answer, failure) -> {
              call.tell("ring at " + name(door) + said(answer, failure));
              request.ended(Instant.now(), outcome(answer, failure));
              if (!isRefused(answer, failure)) {
                ended(call, answer);
              } else if (!call.askAgain()) {
                call.answered(ANSWERED);
              } else if (tries < MOST_TRIES) {
                later(() -> ask(call, door + 1, tries + 1), tries);
              } else {
                failures.add(call.token + ": " + (failure == null ? answer.body() : failure));
              }
              open.decrementAndGet();
            });
  }

  private CompletableFuture<HttpResponse<String>> send(JsonObject push, int door) {
    JsonObject asked = plan.isAwaited() ? push : push.put("wait", 0);
    return doors.get(door % doors.size()).post(asked.encode(), "content-type", "application/json");
  }

  private String name(int door) {
    return "n" + (door % doors.size() + 1);
  }

  private static String said(HttpResponse<String> answer, Throwable failure) {
    return failure == null ? ": " + answer.statusCode() + " " + answer.body() : ": " + failure;
  }

  private static boolean isRefused(HttpResponse<String> answer, Throwable failure) {
    return failure != null || answer.statusCode() == 503;
  }

  private static ClusterCall.Said outcome(HttpResponse<String> answer, Throwable failure) {
    if (failure != null) {
      return ClusterCall.Said.BROKEN;
    }
    return isAccepted(answer.statusCode()) ? ClusterCall.Said.ANSWERED : ClusterCall.Said.REFUSED;
  }

  private static boolean isAccepted(int status) {
    return status == ANSWERED || status == ACCEPTED;
  }

  private void later(Runnable task, int tries) {
    open.incrementAndGet();
    ScheduledFuture<?> unused =
        clock.schedule(
            () -> {
              task.run();
              open.decrementAndGet();
            },
            100L * tries,
            TimeUnit.MILLISECONDS);
  }

  private void ended(ClusterCall call, HttpResponse<String> answer) {
    int status = answer.statusCode();
    call.answered(status);
    if (!isAccepted(status) && !call.isCancelled()) {
      failures.add(call.token + ": " + status + " " + answer.body());
    }
  }

  private void giveUp(ClusterCall call) {
    if (call.giveUp()) {
      cancel(call, call.number, 1);
    }
  }

  private void cancel(ClusterCall call, int door, int tries) {
    open.incrementAndGet();
    send(ServerProcess.ring(call.token).put("event", "cancel"), door)
        .whenComplete(
            (answer, failure) -> {
              call.tell("cancel at " + name(door) + said(answer, failure));
              if (isRefused(answer, failure)) {
                if (tries < MOST_TRIES) {
                  later(() -> cancel(call, door + 1, tries + 1), tries);
                } else {
                  failures.add(call.token + " was not cancelled: " + failure);
                }
              } else if (answer.statusCode() == ANSWERED) {
                call.isOver(Instant.now());
              }
              open.decrementAndGet();
            });
  }

  /** Looks at what has come to phones: only the last ones are kept there. */
  private synchronized void count() {
    for (Notification each : sandbox.journal().list(counted)) {
      counted = Math.max(counted, each.seq());
      ClusterCall call = calls.get(each.path().substring(each.path().lastIndexOf('/') + 1));
      if (call != null && each.status() == ANSWERED) {
        boolean isCancel = "cancel".equals(new JsonObject(each.body()).getString("event"));
        call.tell((isCancel ? "stops " : "rings ") + each.time() + " by " + each.connection());
        if (isCancel) {
          call.isOver(each.time());
        } else {
          call.rang(new ClusterCall.Ring(each.time(), each.connection()));
        }
      }
    }
  }

  /** Calls that were asked for. */
  int asked() {
    return calls.size();
  }

  /** What callers were told that was no success; for whoever wants to know why. */
  List<String> failures() {
    return failures.stream().limit(20).toList();
  }

  /** Asks for no more, and waits for all answers and for what comes after them. */
  ClusterResult end() throws Exception {
    boolean unused = rings.cancel(false);
    Await.until(Duration.ofSeconds(100), () -> open.get() == 0, () -> "without an answer: " + open);
    Duration patience = plan.isAwaited() ? Duration.ofSeconds(2) : ClusterCall.LIFE.plusSeconds(6);
    long end = System.nanoTime() + patience.toNanos();
    do {
      TimeUnit.MILLISECONDS.sleep(2 * COUNT_MS);
    } while (System.nanoTime() < end && calls.values().stream().anyMatch(ClusterCall::isLost));
    TimeUnit.MILLISECONDS.sleep(GIVEN_UP_MS);
    count();
    return ClusterResult.of(calls.values());
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
