// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.pushserver.dispatch.ApplicationSnapshot;
import org.pushserver.push.AppKey;
import org.pushserver.queue.QueueDepth;
import org.pushserver.spi.Condition.State;

/**
 * What is read of the applications at the moment of a scrape, rather than counted: nothing of it
 * costs a push anything, and what an application leaves behind when it goes is nothing. Any thread.
 */
final class ApplicationGauges implements MultiCollector {
  private volatile List<ApplicationSnapshot> snapshots = List.of();

  /** Shows these from now on. */
  void show(List<ApplicationSnapshot> latest) {
    snapshots = latest;
  }

  @Override
  public MetricSnapshots collect() {
    List<ApplicationSnapshot> all = snapshots;
    return MetricSnapshots.of(
        states(all),
        gauge(
            "pushserver_pushes_waiting",
            "Accepted pushes that wait: for their turn, for a retry, or for their ring's answer",
            all,
            snapshot -> snapshot.counts().waiting()),
        gauge(
            "pushserver_pushes_in_flight",
            "Pushes that are with the push service",
            all,
            snapshot -> snapshot.counts().inFlight()),
        byLane(
            "pushserver_queue_length", "Pushes that wait for their turn", all, QueueDepth::length),
        byLane(
            "pushserver_queue_head_age_seconds",
            "How long the first push in the queue has waited",
            all,
            depth -> depth.headAgeMs() / 1000.0),
        gauge(
            "pushserver_connections",
            "Connections to the push service",
            all,
            snapshot -> snapshot.connections().open()),
        gauge(
            "pushserver_connection_streams",
            "Requests in flight on all connections",
            all,
            snapshot -> snapshot.connections().inFlight()),
        counter(
            "pushserver_connections_made",
            "Connections made since the configuration was applied: the first and each reconnect",
            all,
            snapshot -> snapshot.connections().made()),
        counter(
            "pushserver_connection_failures",
            "Tries to connect in vain",
            all,
            snapshot -> snapshot.connections().failed()),
        expiry(
            "pushserver_token_expiry_timestamp_seconds",
            "When the token ends that is sent now; it is renewed before",
            all,
            ApplicationSnapshot::tokenExpiry),
        expiry(
            "pushserver_credential_expiry_timestamp_seconds",
            "When the client certificate ends",
            all,
            snapshot -> snapshot.status().credentialExpiry()));
  }

  private static Labels labels(ApplicationSnapshot snapshot) {
    AppKey key = snapshot.status().application().key();
    return Labels.of("application", key.appId(), "platform", key.platform());
  }

  private static GaugeSnapshot states(List<ApplicationSnapshot> snapshots) {
    GaugeSnapshot.Builder gauge =
        GaugeSnapshot.builder()
            .name("pushserver_application_state")
            .help("1 for the state that the application is in, 0 for the others");
    for (ApplicationSnapshot snapshot : snapshots) {
      State now = snapshot.status().condition().state();
      for (State state : State.values()) {
        Labels labels = labels(snapshot).merge(Labels.of("state", StateName.of(state)));
        gauge.dataPoint(point(labels, state == now ? 1 : 0));
      }
    }
    return gauge.build();
  }

  private static GaugeSnapshot gauge(
      String name,
      String help,
      List<ApplicationSnapshot> snapshots,
      ToDoubleFunction<ApplicationSnapshot> value) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    snapshots.forEach(
        snapshot -> gauge.dataPoint(point(labels(snapshot), value.applyAsDouble(snapshot))));
    return gauge.build();
  }

  private static GaugeSnapshot byLane(
      String name,
      String help,
      List<ApplicationSnapshot> snapshots,
      ToDoubleFunction<QueueDepth> value) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    for (ApplicationSnapshot snapshot : snapshots) {
      Labels calls = labels(snapshot).merge(Labels.of("lane", "calls"));
      Labels others = labels(snapshot).merge(Labels.of("lane", "others"));
      gauge.dataPoint(point(calls, value.applyAsDouble(snapshot.calls())));
      gauge.dataPoint(point(others, value.applyAsDouble(snapshot.others())));
    }
    return gauge.build();
  }

  private static GaugeSnapshot expiry(
      String name,
      String help,
      List<ApplicationSnapshot> snapshots,
      Function<ApplicationSnapshot, Instant> end) {
    List<ApplicationSnapshot> ending =
        snapshots.stream().filter(snapshot -> end.apply(snapshot) != null).toList();
    return gauge(name, help, ending, snapshot -> end.apply(snapshot).getEpochSecond());
  }

  private static GaugeDataPointSnapshot point(Labels labels, double value) {
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }

  private static CounterSnapshot counter(
      String name,
      String help,
      List<ApplicationSnapshot> snapshots,
      ToDoubleFunction<ApplicationSnapshot> value) {
    CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
    for (ApplicationSnapshot snapshot : snapshots) {
      counter.dataPoint(
          CounterDataPointSnapshot.builder()
              .labels(labels(snapshot))
              .value(value.applyAsDouble(snapshot))
              .build());
    }
    return counter.build();
  }
}
