// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.pushserver.dispatch.Application;
import org.pushserver.dispatch.QueueMemory;
import org.pushserver.dispatch.Reading;
import org.pushserver.dispatch.Witness;
import org.pushserver.log.DroppedLines;
import org.pushserver.push.AppKey;

/**
 * All that is measured, for Prometheus. Applications are the configured ones and events those that
 * their types declare, so no request can make it grow. Any thread.
 */
public final class Meters implements Witness {
  /** Those of {@link DroppedLines}. */
  private static final List<String> SINKS = List.of("console", "file", "journal", "collectors");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<AppKey, ApplicationMeters> applications = new ConcurrentHashMap<>();
  private final ApplicationGauges gauges = new ApplicationGauges();
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final RequestMeters requests = new RequestMeters(registry);
  private final Timer loopDelay;

  /** The registry would let go of them. */
  private final List<LongSupplier> sinks = new CopyOnWriteArrayList<>();

  /** Begins to measure the JVM. Takes a moment: not for an event loop. */
  public Meters() {
    registry.getPrometheusRegistry().register(gauges);
    loopDelay =
        Buckets.timer(
            registry,
            "pushserver.event.loop.delay",
            "How much later than due the event loops come to what is due",
            Tags.empty());
    SINKS.forEach(sink -> logLinesDropped(sink, DroppedLines.of(sink)::sum));
    collections.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  @Override
  public Witness of(Application application) {
    return applications.compute(
        application.key(),
        (key, known) ->
            known == null ? new ApplicationMeters(registry, application) : known.use(application));
  }

  private void logLinesDropped(String sink, LongSupplier dropped) {
    sinks.add(dropped);
    FunctionCounter.builder("pushserver.log.lines.dropped", dropped, LongSupplier::getAsLong)
        .description("Log lines that a sink could not take in time")
        .tags("sink", sink)
        .register(registry);
  }

  /** What counts the requests at the door. */
  public RequestMeters requests() {
    return requests;
  }

  /** Shows how much memory the pushes that wait take, and may take. */
  public void watch(QueueMemory memory) {
    Gauge.builder("pushserver.queue.memory.bytes", memory, QueueMemory::used)
        // The registry would let go of it.
        .strongReference(true)
        .description("Memory that the pushes that wait take, by estimate")
        .register(registry);
    Gauge.builder("pushserver.queue.memory.limit.bytes", memory, QueueMemory::limit)
        .description("Memory that they may take")
        .register(registry);
    FunctionCounter.builder("pushserver.queue.memory.refused", memory, QueueMemory::refused)
        .description("Pushes that were turned away because there was no more")
        .register(registry);
  }

  /** How late the event loops are; see {@link LoopDelay}. */
  Timer loopDelay() {
    return loopDelay;
  }

  /**
   * Everything, in Prometheus' text format. Takes a moment: not for an event loop.
   *
   * @param readings of the applications, just taken
   * @param runs whether an application is still there; what was counted of others is forgotten
   */
  String text(List<Reading> readings, Predicate<AppKey> runs) {
    applications.forEach(
        (key, meters) -> {
          if (meters.hasGone(runs.test(key)) && applications.remove(key, meters)) {
            meters.remove();
          }
        });
    gauges.show(readings);
    return registry.scrape();
  }

  /** Measures no more. */
  public void close() {
    collections.close();
    registry.close();
  }
}
