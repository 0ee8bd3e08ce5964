// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.MemoryTokenStore;
import org.pushserver.push.AppKey;
import org.pushserver.tokens.DeadDevice;
import org.pushserver.tokens.DeadTokenRemoval;
import org.pushserver.tokens.StoredToken;
import org.pushserver.tokens.TokenCount;
import org.pushserver.tokens.TokenPage;
import org.pushserver.tokens.TokenStore;
import org.pushserver.tokens.TokenStoreException;
import org.pushserver.tokens.TokenStoreState;

class TokenMetersTest {
  private static final AppKey APP = new AppKey("com.example.phone", AppKey.APPLE);
  private static final String BOB = "bob@example.com";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ManualTime time = new ManualTime();
  private final Slow slow = new Slow();
  private final TokenMeters meters = new TokenMeters(registry);
  private final TokenStore store = meters.measure(slow, time);

  TokenMetersTest() {
    meters.show(new DeadTokenRemoval(store, time), time);
  }

  /** Answers at once, or when the test says so. */
  private static final class Slow implements TokenStore {
    private final MemoryTokenStore memory = new MemoryTokenStore();
    private Promise<Void> gate;
    private int counts;

    private <T> Future<T> later(Future<T> answer) {
      return gate == null ? answer : gate.future().compose(open -> answer);
    }

    @Override
    public Future<Void> add(StoredToken token) {
      return later(memory.add(token));
    }

    @Override
    public Future<Removal> remove(String account, String appId, String deviceId) {
      return later(memory.remove(account, appId, deviceId));
    }

    @Override
    public Future<List<StoredToken>> devices(String account) {
      return later(memory.devices(account));
    }

    @Override
    public Future<Integer> dead(DeadDevice dead) {
      return later(memory.dead(dead));
    }

    @Override
    public Future<TokenPage> list(String after, int most) {
      return memory.list(after, most);
    }

    @Override
    public Future<TokenCount> count() {
      counts++;
      return later(memory.count());
    }

    @Override
    public TokenStoreState state() {
      return memory.state();
    }

    @Override
    public Future<Void> close() {
      return memory.close();
    }
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private static StoredToken device(String id) {
    return new StoredToken(BOB, APP, id, "token-" + id, null, true, null, 1, 1);
  }

  private void shows(String line) {
    String text = registry.scrape();
    assertTrue(text.contains("\n" + line + "\n"), text);
  }

  @Test
  void whatIsAskedOfTheStoreIsCounted() {
    await(store.add(device("1")));
    await(store.add(device("2")));
    assertEquals(TokenStore.Removal.REMOVED, await(store.remove(BOB, APP.appId(), "1")));
    assertEquals(TokenStore.Removal.NO_SUCH_DEVICE, await(store.remove(BOB, APP.appId(), "1")));
    assertEquals(1, await(store.devices(BOB)).size());
    shows("pushserver_tokens_added_total 2.0");
    shows("pushserver_tokens_removed_total{reason=\"asked\"} 1.0");
    shows("pushserver_tokens_removed_total{reason=\"dead\"} 0.0");
    shows("pushserver_tokens_lookups_total{from=\"memory\"} 1.0");
    shows("pushserver_tokens_lookups_total{from=\"store\"} 0.0");
    shows("pushserver_tokens_store_usable 1.0");
    shows("pushserver_tokens_dead_waiting 0.0");
  }

  @Test
  void whatTheStoreHasToLookUpIsTimed() {
    slow.gate = Promise.promise();
    Future<List<StoredToken>> devices = store.devices(BOB);
    Future<Void> added = store.add(device("1"));
    shows("pushserver_tokens_store_underway 2.0");
    time.advance(Duration.ofMillis(300));
    slow.gate.complete();
    await(devices);
    await(added);
    shows("pushserver_tokens_store_underway 0.0");
    shows("pushserver_tokens_lookups_total{from=\"store\"} 1.0");
    shows("pushserver_tokens_store_seconds_count{operation=\"devices\"} 1");
    shows("pushserver_tokens_store_seconds_bucket{operation=\"add\",le=\"0.2\"} 0");
    shows("pushserver_tokens_store_seconds_bucket{operation=\"add\",le=\"0.5\"} 1");
  }

  @Test
  void whatItCannotDoIsCounted() {
    slow.memory.fail("its disk is full");
    assertTrue(store.add(device("1")).cause() instanceof TokenStoreException);
    slow.gate = Promise.promise();
    Future<Void> later = store.add(device("1"));
    slow.gate.complete();
    assertTrue(later.failed());
    shows("pushserver_tokens_store_failures_total 2.0");
    shows("pushserver_tokens_store_usable 0.0");
    shows("pushserver_tokens_added_total 0.0");
    assertEquals("its disk is full", store.state().problem());
  }

  @Test
  void devicesAreCountedAtMostOnceAMinuteAndMoreSeldomWhenThatTakesLong() {
    String line =
        "pushserver_tokens_devices{application=\"com.example.phone\",platform=\"apple\"} ";
    await(store.add(device("1")));
    shows(line + "1.0");
    await(store.add(device("2")));
    shows(line + "1.0");
    time.advance(Duration.ofMinutes(1));
    shows(line + "2.0");
    assertEquals(2, slow.counts);
    time.advance(Duration.ofMinutes(1));
    slow.gate = Promise.promise();
    shows(line + "2.0");
    time.advance(Duration.ofSeconds(10));
    shows(line + "2.0");
    assertEquals(3, slow.counts, "one is under way");
    slow.gate.complete();
    time.advance(Duration.ofMinutes(8));
    shows(line + "2.0");
    assertEquals(3, slow.counts, "it took ten seconds");
    time.advance(Duration.ofMinutes(1));
    shows(line + "2.0");
    assertEquals(4, slow.counts);
  }

  static Set<String> names(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void whatIsMeasuredIsExplainedAndWhatDashboardAndAlertsAskForIsMeasured() throws Exception {
    await(store.add(device("1")));
    DeadTokenRemoval removal = new DeadTokenRemoval(store, time);
    meters.removed("unseen", removal::removed);
    String text = registry.scrape();
    Set<String> measured = names("(?m)^# TYPE (pushserver_tokens_\\w+)", text);
    measured.removeIf(name -> name.endsWith("_max"));
    // Shown while there is one.
    measured.add("pushserver_tokens_kept");
    String page = Files.readString(Path.of("src/docs/operations.md"));
    assertEquals(measured, names("`(pushserver_tokens_\\w+)`", page));
    String asking =
        Files.readString(Path.of("conf/grafana-dashboard.json"))
            + Files.readString(Path.of("conf/prometheus-alerts.yml"));
    Set<String> asked = names("\\b(pushserver_tokens_\\w+?)(?:_bucket)?\\b", asking);
    asked.removeAll(measured);
    assertEquals(Set.of(), asked);
  }

  @Test
  void aStoreThatIsAwayIsNotAskedForItsDevices() {
    slow.memory.fail("its disk is full");
    assertFalse(registry.scrape().contains("pushserver_tokens_devices{"));
    assertEquals(0, slow.counts);
  }
}
