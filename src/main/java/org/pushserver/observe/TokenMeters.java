// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.pushserver.observe.MeasuredTokenStore.Operation;
import org.pushserver.spi.Time;
import org.pushserver.tokens.DeadTokenRemoval;
import org.pushserver.tokens.TokenStore;

/** What is measured of stored tokens. Any thread. */
final class TokenMeters {
  private final PrometheusMeterRegistry registry;
  private MeasuredTokenStore measured;
  private final Map<Operation, Timer> timers = new EnumMap<>(Operation.class);

  /** The registry would let go of them. */
  private final List<LongSupplier> held = new CopyOnWriteArrayList<>();

  TokenMeters(PrometheusMeterRegistry registry) {
    this.registry = registry;
    for (Operation operation : Operation.values()) {
      timers.put(
          operation,
          Buckets.timer(
              registry,
              "pushserver.tokens.store",
              "What the store of tokens takes; what it has in memory is not timed",
              Tags.of("operation", operation.name().toLowerCase(Locale.ROOT))));
    }
  }

  /** The store, so that it is measured what is asked of it. */
  MeasuredTokenStore measure(TokenStore store, Time time) {
    measured = new MeasuredTokenStore(store, timers::get, time);
    counter(
        measured,
        "added",
        "Devices that registered, for the first time or again",
        MeasuredTokenStore::added);
    removed("asked", measured::removed);
    lookups(measured, "memory", MeasuredTokenStore::hits);
    lookups(measured, "store", MeasuredTokenStore::misses);
    counter(
        measured,
        "store.failures",
        "What the store of tokens could not do",
        MeasuredTokenStore::failed);
    gauge(
        measured,
        "store.underway",
        "What the store of tokens was asked and has not answered yet",
        MeasuredTokenStore::underway);
    gauge(
        measured,
        "store.usable",
        "1 while the store of tokens can be used, 0 while it cannot",
        now -> now.state().isUsable() ? 1 : 0);
    return measured;
  }

  /** Shows what becomes of the dead tokens of the store that is measured. */
  void show(DeadTokenRemoval removal, Time time) {
    measured.remark(removal::problem);
    removed("dead", removal::removed);
    gauge(
        removal,
        "dead.waiting",
        "Dead tokens that wait to be removed from the store",
        DeadTokenRemoval::waiting);
    counter(
        removal,
        "dead.forgotten",
        "Dead tokens that had no room to wait; each is removed when it is found dead again",
        DeadTokenRemoval::forgotten);
    registry.getPrometheusRegistry().register(new TokenGauges(measured, removal::keeping, time));
  }

  /**
   * Shows how many devices went for a reason.
   *
   * @param number of them since the start
   */
  void removed(String reason, LongSupplier number) {
    held.add(number);
    FunctionCounter.builder("pushserver.tokens.removed", number, LongSupplier::getAsLong)
        .description("Devices that are stored no more")
        .tags("reason", reason)
        .register(registry);
  }

  private void lookups(
      MeasuredTokenStore store, String from, ToDoubleFunction<MeasuredTokenStore> number) {
    FunctionCounter.builder("pushserver.tokens.lookups", store, number)
        .description("Accounts whose devices were looked up, in memory or in the store")
        .tags("from", from)
        .register(registry);
  }

  private <T> void counter(T of, String name, String help, ToDoubleFunction<T> value) {
    FunctionCounter.builder("pushserver.tokens." + name, of, value)
        .description(help)
        .register(registry);
  }

  private <T> void gauge(T of, String name, String help, ToDoubleFunction<T> value) {
    Gauge.builder("pushserver.tokens." + name, of, value)
        .description(help)
        .strongReference(true)
        .register(registry);
  }
}
