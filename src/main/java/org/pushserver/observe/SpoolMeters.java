// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;
import org.pushserver.spool.SpoolStore;

/** What is in the spool, and whether it can be kept: read when it is looked at. */
final class SpoolMeters {
  private static final double NANOS = 1e9;

  private SpoolMeters() {}

  static void show(SpoolStore spool, MeterRegistry registry) {
    FunctionCounter.builder("pushserver.spool.failures", spool, SpoolStore::failures)
        .description("Pushes that could not be kept on disk")
        .register(registry);
    FunctionCounter.builder("pushserver.spool.replayed", spool, SpoolStore::replayed)
        .description("Pushes that another process had left in the spool")
        .register(registry);
    gauge(
        spool,
        registry,
        "keeping",
        "1 while pushes can be kept, 0 while they cannot",
        one -> one.problem().isEmpty() ? 1 : 0);
    gauge(spool, registry, "pushes", "Pushes in the spool", SpoolStore::size);
    gauge(spool, registry, "bytes", "What the spool takes on disk", SpoolStore::bytes);
    gauge(
        spool,
        registry,
        "commit.seconds",
        "How long the last push took until it was on disk",
        one -> one.lastNanos() / NANOS);
  }

  private static void gauge(
      SpoolStore spool,
      MeterRegistry registry,
      String name,
      String description,
      ToDoubleFunction<SpoolStore> value) {
    Gauge.builder("pushserver.spool." + name, spool, value)
        .description(description)
        .strongReference(true)
        .register(registry);
  }
}
