// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.pushserver.dispatch.ApplicationSnapshot;
import org.pushserver.events.Application;
import org.pushserver.events.PushListener;
import org.pushserver.events.ReportEnd;
import org.pushserver.events.ReportListener;
import org.pushserver.log.DroppedLines;
import org.pushserver.push.AppKey;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.queue.QueueMemory;
import org.pushserver.spi.Problem.Severity;
import org.pushserver.spi.Time;
import org.pushserver.spool.SpoolStore;
import org.pushserver.trail.TrailRecorder;

/**
 * All that is measured, for Prometheus. Applications are the configured ones and events those that
 * their types declare, so no request can make it grow. Any thread.
 */
public final class Meters implements PushListener, ReportListener {
  /** Those of {@link DroppedLines}. */
  private static final List<String> SINKS =
      List.of("console", "file", "journal", "collectors", "homer");

  private final Time time;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<AppKey, ApplicationMeters> applications = new ConcurrentHashMap<>();
  private final JvmMeters jvm = new JvmMeters(registry);
  private final RequestMeters requests = new RequestMeters(registry);
  private final Timer loopDelay;
  private AckMeters acks;
  private TokenMeters tokens;

  /** What was counted of applications that had been removed; null when there is nothing. */
  private volatile ApplicationMeters removed;

  /** The registry would let go of them. */
  private final List<LongSupplier> sinks = new CopyOnWriteArrayList<>();

  /** Begins to measure. Takes a moment: not for an event loop. */
  public Meters(Time time) {
    this.time = time;
    loopDelay =
        Buckets.timer(
            registry,
            "pushserver.event.loop.delay",
            "How much later than due the event loops come to what is due",
            Tags.empty());
    SINKS.forEach(sink -> logLinesDropped(sink, DroppedLines.of(sink)::sum));
  }

  @Override
  public PushListener of(Application application) {
    return applications.compute(
        application.key(),
        (key, known) ->
            (known == null
                    ? new ApplicationMeters(registry, application, time, () -> left(key))
                    : known.of(application))
                .users(1));
  }

  private void left(AppKey key) {
    applications.computeIfPresent(key, (same, meters) -> meters.users(-1));
  }

  /** Of a push that its application never saw, because it was about to stop. */
  @Override
  public void ended(Push push, Outcome outcome, long now) {
    ApplicationMeters meters = applications.get(push.app());
    (meters == null ? removed() : meters).ended(push, outcome, now);
  }

  private synchronized ApplicationMeters removed() {
    if (removed == null) {
      removed = ApplicationMeters.ofRemoved(registry, time);
    }
    return removed;
  }

  @Override
  public void reported(ReportEnd report) {
    // Not beside it: what is counted of one that was just forgotten would stay for ever.
    applications.computeIfPresent(report.app(), (same, meters) -> meters.reported(report));
  }

  /** Shows what became of the configuration, too. */
  void watch(ConfigHealth config) {
    for (Severity severity : Severity.values()) {
      Gauge.builder("pushserver.config.problems", config, health -> health.count(severity))
          .description("What is wrong with the configuration as it was last read")
          .tags("severity", ConfigHealth.name(severity))
          .strongReference(true)
          .register(registry);
    }
    Gauge.builder("pushserver.config.taken", config, health -> health.isTaken() ? 1 : 0)
        .description("1 when the configuration as it was last read is in use, 0 when it is not")
        .strongReference(true)
        .register(registry);
    Gauge.builder("pushserver.config.applied.timestamp", config, ConfigHealth::appliedAtSeconds)
        .description("When a configuration was last taken")
        .baseUnit("seconds")
        .strongReference(true)
        .register(registry);
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

  /** What counts what phones say; shown from the first call on. */
  public synchronized AckMeters acks() {
    if (acks == null) {
      acks = new AckMeters(registry, this::woken, this::displayed);
    }
    return acks;
  }

  private void woken(AppKey app, long ms) {
    applications.computeIfPresent(app, (same, meters) -> meters.woken(ms));
  }

  private void displayed(AppKey app, long ms) {
    applications.computeIfPresent(app, (same, meters) -> meters.displayed(ms));
  }

  /** Shows how it stands with the trail. */
  void watch(TrailRecorder trail) {
    TrailMeters.show(trail, registry);
  }

  /** Shows how it stands with the spool. */
  void watch(SpoolStore spool) {
    SpoolMeters.show(spool, registry);
  }

  /** Shows how it stands with the cluster. */
  void watch(ClusterHealth cluster) {
    cluster.show(registry);
  }

  /**
   * What counts attempts to log in to the console; to be asked for once, and shown from then on.
   */
  public LoginMeters logins() {
    return new LoginMeters(registry);
  }

  /** What measures stored tokens; shown from the first call on. */
  synchronized TokenMeters tokens() {
    if (tokens == null) {
      tokens = new TokenMeters(registry);
    }
    return tokens;
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
   * Everything, in Prometheus' text format. What was counted of an application that has gone is
   * shown once more, then forgotten. Takes a moment: not for an event loop.
   *
   * @param snapshots of the applications, just taken
   * @param out takes it as it is made: of a thousand applications it is 10 MB
   */
  void write(List<ApplicationSnapshot> snapshots, OutputStream out) throws IOException {
    Set<AppKey> gone = new HashSet<>();
    applications.forEach(
        (key, unused) ->
            applications.computeIfPresent(
                key,
                (same, meters) -> {
                  if (!meters.hasUsers()) {
                    gone.add(key);
                  }
                  return meters;
                }));
    List<ApplicationMeters> counted = new ArrayList<>(applications.values());
    if (removed != null) {
      counted.add(removed);
    }
    MetricsText text = new MetricsText(out);
    ApplicationGauges.show(snapshots, text);
    ApplicationCounts.show(counted, text);
    text.flush();
    jvm.show();
    registry.scrape(out);
    gone.forEach(key -> applications.computeIfPresent(key, (same, meters) -> forgotten(meters)));
  }

  /** Unless the application has come back meanwhile. */
  private static ApplicationMeters forgotten(ApplicationMeters meters) {
    if (meters.hasUsers()) {
      return meters;
    }
    meters.remove();
    return null;
  }

  /** Measures no more. */
  public void close() {
    jvm.close();
    registry.close();
  }
}
