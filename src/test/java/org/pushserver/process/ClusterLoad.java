// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
  /** Of the calls: what comes later is worth nothing. */
  private static final Duration LIFE = Duration.ofSeconds(64);

  private static final int MOST_TRIES = 6;

  /**
   * What came of it.
   *
   * @param asked rings that were asked for
   * @param lost those that no phone got, whatever their callers were told
   * @param doubled those that a phone got more than once
   * @param late those that came after their call
   * @param refused those whose callers were told that they did not get through, and that none got
   * @param slowestMs the longest way from a caller to a phone
   */
  record Result(int asked, int lost, int doubled, int late, int refused, long slowestMs) {
    String line(String fault) {
      return String.format(
          Locale.ROOT,
          "| %-44s | %6d | %4d | %7d | %4d | %7d | %7d ms |",
          fault,
          asked,
          lost,
          doubled,
          late,
          refused,
          slowestMs);
    }

    static String head() {
      return "| fault                                        |  rings | lost | doubled | late |"
          + " refused |    slowest |";
    }
  }

  private final List<ServerProcess> doors;
  private final Map<String, Instant> asked = new ConcurrentHashMap<>();
  private final Map<String, Integer> answers = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger number = new AtomicInteger();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "callers");
            thread.setDaemon(true);
            return thread;
          });

  private final ScheduledFuture<?> rings;

  /** Begins at once. */
  ClusterLoad(List<ServerProcess> doors, int perSecond) {
    this.doors = List.copyOf(doors);
    rings = clock.scheduleAtFixedRate(this::ring, 0, 1_000_000 / perSecond, TimeUnit.MICROSECONDS);
  }

  private void ring() {
    int ring = number.incrementAndGet();
    String token = HexFormat.of().toHexDigits(ring).repeat(8);
    asked.put(token, Instant.now());
    ask(token, ring, 1);
  }

  private void ask(String token, int door, int tries) {
    doors
        .get(door % doors.size())
        .push(token)
        .whenComplete(
            (answer, failure) -> {
              if (failure == null && (answer.statusCode() != 503 || tries >= MOST_TRIES)) {
                ended(token, answer);
              } else if (tries < MOST_TRIES) {
                clock.schedule(
                    () -> ask(token, door + 1, tries + 1), 100L * tries, TimeUnit.MILLISECONDS);
              } else {
                answers.put(token, 0);
                failures.add(token + ": " + failure);
              }
            });
  }

  private void ended(String token, HttpResponse<String> answer) {
    answers.put(token, answer.statusCode());
    if (answer.statusCode() != 200) {
      failures.add(token + ": " + answer.statusCode() + " " + answer.body());
    }
  }

  /** Rings that were asked for. */
  int asked() {
    return asked.size();
  }

  /** What callers were told that was no success; for whoever wants to know why. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  /** Asks for no more, and waits for all answers. */
  Result end(Sandbox sandbox) throws Exception {
    boolean unused = rings.cancel(false);
    Await.until(
        Duration.ofSeconds(100),
        () -> answers.size() == asked.size(),
        () -> "without an answer: " + (asked.size() - answers.size()));
    Map<String, Integer> got = new HashMap<>();
    int late = 0;
    int doubled = 0;
    long slowest = 0;
    for (Notification each : sandbox.journal().list()) {
      String token = each.path().substring(each.path().lastIndexOf('/') + 1);
      Instant at = asked.get(token);
      if (at != null && each.status() == 200) {
        int times = got.merge(token, 1, Integer::sum);
        doubled += times == 2 ? 1 : 0;
        Duration way = Duration.between(at, each.time());
        slowest = Math.max(slowest, way.toMillis());
        late += way.compareTo(LIFE) > 0 ? 1 : 0;
      }
    }
    int lost = 0;
    int refused = 0;
    for (String token : asked.keySet()) {
      if (!got.containsKey(token)) {
        lost++;
        refused += answers.get(token) == 200 ? 0 : 1;
      }
    }
    return new Result(asked.size(), lost, doubled, late, refused, slowest);
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
