// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;

/** What is counted of one application's pushes of one event. Any thread. */
final class EventMeters {
  private final Counter accepted;
  private final Counter joined;
  private final Map<Result, Counter> ended = new EnumMap<>(Result.class);
  private final Timer queued;
  private final Timer lasted;

  EventMeters(MeterRegistry registry, Tags application, String event) {
    Tags tags = application.and("event", event);
    accepted =
        Counter.builder("pushserver.pushes.accepted")
            .description("Pushes that were not turned away at once")
            .tags(tags)
            .register(registry);
    joined =
        Counter.builder("pushserver.pushes.joined")
            .description("Accepted pushes that share the end of an equal one")
            .tags(tags)
            .register(registry);
    for (Result result : Result.values()) {
      ended.put(result, ended(registry, tags, result));
    }
    queued =
        Buckets.timer(
            registry, "pushserver.push.queue", "From acceptance to the first attempt", tags);
    lasted =
        Buckets.timer(registry, "pushserver.push.duration", "From acceptance to the end", tags);
  }

  private static Counter ended(MeterRegistry registry, Tags tags, Result result) {
    return Counter.builder("pushserver.pushes.ended")
        .description("Ends of pushes; those that were overloaded were never accepted")
        .tags(tags.and("outcome", result.name().toLowerCase(Locale.ROOT)))
        .register(registry);
  }

  void accepted() {
    accepted.increment();
  }

  void joined() {
    joined.increment();
  }

  /**
   * @param ms from acceptance to the first attempt
   */
  void queued(long ms) {
    queued.record(Math.max(0, ms), MILLISECONDS);
  }

  /**
   * @param ms from acceptance to the end
   */
  void ended(Outcome outcome, long ms) {
    ended.get(outcome.result()).increment();
    if (outcome.result() != Result.OVERLOADED) {
      lasted.record(Math.max(0, ms), MILLISECONDS);
    }
  }
}
