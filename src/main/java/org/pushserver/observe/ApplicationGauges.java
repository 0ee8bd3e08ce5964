// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.pushserver.dispatch.ApplicationSnapshot;
import org.pushserver.observe.MetricsText.Owner;
import org.pushserver.queue.QueueDepth;
import org.pushserver.spi.Condition.State;

/**
 * What is read of the applications at the moment of a scrape, rather than counted: nothing of it
 * costs a push anything, and what an application leaves behind when it goes is nothing. One thread.
 */
final class ApplicationGauges {
  private static final String GAUGE = "gauge";
  private static final String COUNTER = "counter";

  private static final byte[] CALLS = MetricsText.label("lane", "calls");
  private static final byte[] OTHERS = MetricsText.label("lane", "others");
  private static final Map<State, byte[]> STATES =
      MetricsText.labels("state", State.class, StateName::of);

  /** One application, and how it is. */
  private record Look(Owner owner, ApplicationSnapshot snapshot) {}

  private final List<Look> all;
  private final MetricsText text;

  private ApplicationGauges(List<Look> all, MetricsText text) {
    this.all = all;
    this.text = text;
  }

  /** Writes all of it. */
  static void show(List<ApplicationSnapshot> snapshots, MetricsText text) throws IOException {
    List<Look> all =
        snapshots.stream()
            .map(one -> new Look(new Owner(one.status().application().key()), one))
            .toList();
    new ApplicationGauges(all, text).show();
  }

  private void show() throws IOException {
    states();
    each(
        "pushserver_pushes_waiting",
        GAUGE,
        "Accepted pushes that wait: for their turn, for a retry, or for their ring's answer",
        snapshot -> snapshot.counts().waiting());
    each(
        "pushserver_pushes_in_flight",
        GAUGE,
        "Pushes that are with the push service",
        snapshot -> snapshot.counts().inFlight());
    byLane("pushserver_queue_length", "Pushes that wait for their turn", QueueDepth::length);
    byLane(
        "pushserver_queue_head_age_seconds",
        "How long the first push in the queue has waited",
        depth -> depth.headAgeMs() / 1000.0);
    each(
        "pushserver_connections",
        GAUGE,
        "Connections to the push service",
        snapshot -> snapshot.connections().open());
    each(
        "pushserver_connection_streams",
        GAUGE,
        "Requests in flight on all connections",
        snapshot -> snapshot.connections().inFlight());
    each(
        "pushserver_connections_made_total",
        COUNTER,
        "Connections made since the configuration was applied: the first and each reconnect",
        snapshot -> snapshot.connections().made());
    each(
        "pushserver_connection_failures_total",
        COUNTER,
        "Tries to connect in vain",
        snapshot -> snapshot.connections().failed());
    expiry(
        "pushserver_token_expiry_timestamp_seconds",
        "When the token ends that is sent now; it is renewed before",
        ApplicationSnapshot::tokenExpiry);
    expiry(
        "pushserver_credential_expiry_timestamp_seconds",
        "When the client certificate ends",
        snapshot -> snapshot.status().credentialExpiry());
  }

  private void states() throws IOException {
    text.metric(
        "pushserver_application_state",
        GAUGE,
        "1 for the state that the application is in, 0 for the others");
    for (Look look : all) {
      State now = look.snapshot().status().condition().state();
      for (State state : State.values()) {
        text.of(look.owner())
            .with(look.owner().platform())
            .with(STATES.get(state))
            .is(state == now ? 1 : 0);
      }
    }
  }

  private void each(
      String name, String type, String help, ToDoubleFunction<ApplicationSnapshot> value)
      throws IOException {
    text.metric(name, type, help);
    for (Look look : all) {
      text.of(look.owner()).with(look.owner().platform()).is(value.applyAsDouble(look.snapshot()));
    }
  }

  private void byLane(String name, String help, ToDoubleFunction<QueueDepth> value)
      throws IOException {
    text.metric(name, GAUGE, help);
    for (Look look : all) {
      text.of(look.owner())
          .with(CALLS)
          .with(look.owner().platform())
          .is(value.applyAsDouble(look.snapshot().calls()));
      text.of(look.owner())
          .with(OTHERS)
          .with(look.owner().platform())
          .is(value.applyAsDouble(look.snapshot().others()));
    }
  }

  /** Nothing is said of a metric that no application has. */
  private void expiry(String name, String help, Function<ApplicationSnapshot, Instant> end)
      throws IOException {
    List<Look> ending = all.stream().filter(look -> end.apply(look.snapshot()) != null).toList();
    if (ending.isEmpty()) {
      return;
    }
    text.metric(name, GAUGE, help);
    for (Look look : ending) {
      text.of(look.owner())
          .with(look.owner().platform())
          .is(end.apply(look.snapshot()).getEpochSecond());
    }
  }
}
