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
import org.pushserver.dispatch.Lane;
import org.pushserver.dispatch.Reading;
import org.pushserver.push.AppKey;
import org.pushserver.spi.Condition.State;

/**
 * What is read of the applications at the moment of a scrape, rather than counted: nothing of it
 * costs a push anything, and what an application leaves behind when it goes is nothing. Any thread.
 */
final class ApplicationGauges implements MultiCollector {
  private volatile List<Reading> readings = List.of();

  /** Shows these from now on. */
  void show(List<Reading> latest) {
    readings = latest;
  }

  @Override
  public MetricSnapshots collect() {
    List<Reading> all = readings;
    return MetricSnapshots.of(
        states(all),
        gauge(
            "pushserver_pushes_waiting",
            "Accepted pushes that wait: for their turn, for a retry, or for their ring's answer",
            all,
            reading -> reading.account().waiting()),
        gauge(
            "pushserver_pushes_in_flight",
            "Pushes that are with the push service",
            all,
            reading -> reading.account().inFlight()),
        lanes("pushserver_queue_length", "Pushes that wait for their turn", all, Lane::length),
        lanes(
            "pushserver_queue_head_age_seconds",
            "How long the first push in the queue has waited",
            all,
            lane -> lane.headAgeMs() / 1000.0),
        gauge(
            "pushserver_connections",
            "Connections to the push service",
            all,
            reading -> reading.connections().open()),
        gauge(
            "pushserver_connection_streams",
            "Requests in flight on all connections",
            all,
            reading -> reading.connections().inFlight()),
        counter(
            "pushserver_connections_made",
            "Connections made since the configuration was applied: the first and each reconnect",
            all,
            reading -> reading.connections().made()),
        counter(
            "pushserver_connection_failures",
            "Tries to connect in vain",
            all,
            reading -> reading.connections().failed()),
        expiry(
            "pushserver_token_expiry_timestamp_seconds",
            "When the token ends that is sent now; it is renewed before",
            all,
            Reading::tokenExpiry),
        expiry(
            "pushserver_credential_expiry_timestamp_seconds",
            "When the client certificate ends",
            all,
            reading -> reading.status().credentialExpiry()));
  }

  private static Labels labels(Reading reading) {
    AppKey key = reading.status().application().key();
    return Labels.of("application", key.appId(), "platform", key.platform());
  }

  private static GaugeSnapshot states(List<Reading> readings) {
    GaugeSnapshot.Builder gauge =
        GaugeSnapshot.builder()
            .name("pushserver_application_state")
            .help("1 for the state that the application is in, 0 for the others");
    for (Reading reading : readings) {
      State now = reading.status().condition().state();
      for (State state : State.values()) {
        Labels labels = labels(reading).merge(Labels.of("state", StateName.of(state)));
        gauge.dataPoint(point(labels, state == now ? 1 : 0));
      }
    }
    return gauge.build();
  }

  private static GaugeSnapshot gauge(
      String name, String help, List<Reading> readings, ToDoubleFunction<Reading> value) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    readings.forEach(
        reading -> gauge.dataPoint(point(labels(reading), value.applyAsDouble(reading))));
    return gauge.build();
  }

  private static GaugeSnapshot lanes(
      String name, String help, List<Reading> readings, ToDoubleFunction<Lane> value) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    for (Reading reading : readings) {
      Labels calls = labels(reading).merge(Labels.of("lane", "calls"));
      Labels others = labels(reading).merge(Labels.of("lane", "others"));
      gauge.dataPoint(point(calls, value.applyAsDouble(reading.calls())));
      gauge.dataPoint(point(others, value.applyAsDouble(reading.others())));
    }
    return gauge.build();
  }

  private static GaugeSnapshot expiry(
      String name, String help, List<Reading> readings, Function<Reading, Instant> end) {
    List<Reading> ending = readings.stream().filter(reading -> end.apply(reading) != null).toList();
    return gauge(name, help, ending, reading -> end.apply(reading).getEpochSecond());
  }

  private static GaugeDataPointSnapshot point(Labels labels, double value) {
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }

  private static CounterSnapshot counter(
      String name, String help, List<Reading> readings, ToDoubleFunction<Reading> value) {
    CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
    for (Reading reading : readings) {
      counter.dataPoint(
          CounterDataPointSnapshot.builder()
              .labels(labels(reading))
              .value(value.applyAsDouble(reading))
              .build());
    }
    return counter.build();
  }
}
