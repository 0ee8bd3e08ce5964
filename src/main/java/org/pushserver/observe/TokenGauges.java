// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vertx.core.AsyncResult;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.pushserver.push.AppKey;
import org.pushserver.spi.Time;
import org.pushserver.tokens.TokenCount;
import org.pushserver.tokens.TokenStore;

/**
 * How many devices are stored, by application and platform, as they were counted last. Somebody has
 * to look before they are counted, and that is done once a minute at the most, and more seldom when
 * it takes long. Any thread; nobody waits for the count.
 */
final class TokenGauges implements MultiCollector {
  static final long EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** A store is to count for no more than this part of the time. */
  private static final int SHARE = 50;

  private final TokenStore store;
  private final Supplier<List<AppKey>> keeping;
  private final Time time;
  private Map<AppKey, Long> devices = Map.of();
  private boolean counting;
  private boolean counted;
  private long notBefore;

  /**
   * @param keeping of which applications no dead token is removed at the moment
   */
  TokenGauges(TokenStore store, Supplier<List<AppKey>> keeping, Time time) {
    this.store = store;
    this.keeping = keeping;
    this.time = time;
  }

  @Override
  public MetricSnapshots collect() {
    long start = time.nanos();
    if (begins(start)) {
      store.count().onComplete(done -> counted(done, start));
    }
    GaugeSnapshot.Builder stored =
        GaugeSnapshot.builder()
            .name("pushserver_tokens_devices")
            .help("Devices that are stored, as they were counted in the last minute");
    now().forEach((app, number) -> stored.dataPoint(point(app, number)));
    GaugeSnapshot.Builder kept =
        GaugeSnapshot.builder()
            .name("pushserver_tokens_kept")
            .help("1 while no dead token is removed, because the push service knows none at all");
    keeping.get().forEach(app -> kept.dataPoint(point(app, 1)));
    return MetricSnapshots.of(stored.build(), kept.build());
  }

  private synchronized Map<AppKey, Long> now() {
    return devices;
  }

  private synchronized boolean begins(long now) {
    if (counting || (counted && now - notBefore < 0) || !store.state().isUsable()) {
      return false;
    }
    counting = true;
    return true;
  }

  private synchronized void counted(AsyncResult<TokenCount> done, long start) {
    long now = time.nanos();
    counting = false;
    counted = true;
    notBefore = now + Math.max(EVERY_NANOS, SHARE * (now - start));
    if (done.succeeded()) {
      devices = done.result().devices();
    }
  }

  private static GaugeDataPointSnapshot point(AppKey app, double value) {
    Labels labels = Labels.of("application", app.appId(), "platform", app.platform());
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }
}
