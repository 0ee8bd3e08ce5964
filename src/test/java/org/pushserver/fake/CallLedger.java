// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pushserver.fake.ApnsCall.Fate;

/** All requests that a peer got, by the push that they were for. Any thread. */
public final class CallLedger {
  private record Wait(int arrivals, Promise<Void> come) {}

  private final Map<String, List<ApnsCall>> byPush = new LinkedHashMap<>();
  private final List<ApnsCall> all = new ArrayList<>();
  private final List<Wait> waits = new ArrayList<>();

  void add(ApnsCall call) {
    List<Wait> met;
    synchronized (this) {
      byPush.computeIfAbsent(call.id(), id -> new ArrayList<>(1)).add(call);
      all.add(call);
      int now = all.size();
      met = waits.stream().filter(wait -> wait.arrivals() <= now).toList();
      waits.removeAll(met);
    }
    met.forEach(wait -> wait.come().tryComplete());
  }

  /** How many requests have come. */
  public synchronized int arrivals() {
    return all.size();
  }

  /** Completes when so many requests have come in all. */
  public synchronized Future<Void> untilArrivals(int count) {
    Wait wait = new Wait(count, Promise.promise());
    if (all.size() >= count) {
      wait.come().complete();
    } else {
      waits.add(wait);
    }
    return wait.come().future();
  }

  /** The pushes in the order of their first coming. */
  public synchronized List<String> pushes() {
    return List.copyOf(byPush.keySet());
  }

  /** All requests for one push, in the order of their coming. */
  public synchronized List<ApnsCall> calls(String id) {
    return List.copyOf(byPush.getOrDefault(id, List.of()));
  }

  /** All requests in the order of their coming. */
  public synchronized List<ApnsCall> all() {
    return List.copyOf(all);
  }

  /** The requests that wait for an answer, in the order of their coming. */
  public synchronized List<ApnsCall> open() {
    return all.stream().filter(call -> call.fate() == Fate.OPEN).toList();
  }

  /** How often each push was taken; without those that never were. */
  public synchronized Map<String, Long> taken() {
    Map<String, Long> taken = new LinkedHashMap<>();
    byPush.forEach(
        (id, calls) -> {
          long count = calls.stream().filter(call -> call.fate() == Fate.TAKEN).count();
          if (count > 0) {
            taken.put(id, count);
          }
        });
    return taken;
  }

  /**
   * The pushes that came again although the request before had its answer, or could still get one.
   */
  public synchronized List<String> repeatedWithoutCause() {
    return byPush.values().stream()
        .filter(
            calls ->
                !calls.subList(0, calls.size() - 1).stream()
                    .allMatch(call -> call.fate().mayComeAgain()))
        .map(List::toString)
        .toList();
  }
}
