// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.pushserver.trail.TrailCounts;
import org.pushserver.trail.TrailCounts.Dropped;
import org.pushserver.trail.TrailRecorder;

/** What the trail has written and lost, and what its files take: read when it is looked at. */
final class TrailMeters {
  private TrailMeters() {}

  static void show(TrailRecorder trail, MeterRegistry registry) {
    FunctionCounter.builder("pushserver.trail.written", trail.counts(), TrailCounts::written)
        .description("Records that were written to the trail")
        .register(registry);
    for (Dropped why : Dropped.values()) {
      FunctionCounter.builder(
              "pushserver.trail.dropped", trail.counts(), counts -> counts.droppedFor(why))
          .description("Records that are not in the trail")
          .tags("reason", why.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    gauge(
        trail,
        registry,
        "writing",
        "1 while the trail is written, 0 while it cannot be",
        now -> now.state().problem().isEmpty() ? 1 : 0);
    gauge(trail, registry, "files", "Files of the trail", now -> now.state().files());
    gauge(
        trail,
        registry,
        "files.damaged",
        "Files that were set aside because they are damaged",
        now -> now.state().damaged());
    gauge(
        trail,
        registry,
        "files.bytes",
        "What the files of the trail take on disk",
        now -> now.state().bytes());
    gauge(
        trail,
        registry,
        "waiting.bytes",
        "Memory that records take which wait to be written",
        now -> now.state().waiting());
    gauge(
        trail,
        registry,
        "lag.seconds",
        "How long ago all was written that had ended by then",
        now -> now.state().lagMs() / 1000.0);
    gauge(
        trail,
        registry,
        "oldest.timestamp.seconds",
        "When the oldest file was begun",
        now -> now.state().oldest() / 1000.0);
  }

  private static void gauge(
      TrailRecorder trail,
      MeterRegistry registry,
      String name,
      String description,
      ToDoubleFunction<TrailRecorder> value) {
    Gauge.builder("pushserver.trail." + name, trail, value)
        .description(description)
        .strongReference(true)
        .register(registry);
  }
}
