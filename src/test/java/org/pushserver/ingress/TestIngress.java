// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.pushserver.fake.Await.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.pushserver.api.ApiParts;
import org.pushserver.api.LivePolicy;
import org.pushserver.api.ScriptedDispatcher;
import org.pushserver.config.Access;
import org.pushserver.config.AddressList;
import org.pushserver.config.ApiKeys;
import org.pushserver.config.Limits;
import org.pushserver.config.LogSettings;
import org.pushserver.config.LogSettings.Journal;
import org.pushserver.config.ServerSettings;
import org.pushserver.config.Tls;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.MemoryTokenStore;
import org.pushserver.observe.RequestMeters;
import org.pushserver.tokens.TokenStore;

/** A running door on a free port of the loopback address, with a scripted dispatcher behind it. */
final class TestIngress implements AutoCloseable, AfterEachCallback {
  private static final Duration SWEEP = Duration.ofSeconds(5);

  final ScriptedDispatcher dispatcher;
  final MemoryTokenStore tokens = new MemoryTokenStore();
  final ManualTime time = new ManualTime();
  final HttpIngress ingress;
  private final LivePolicy policy;
  final MeterRegistry counts = new SimpleMeterRegistry();
  private final Vertx vertx = Vertx.vertx();

  private TestIngress(ScriptedDispatcher dispatcher, ServerSettings settings, TokenStore store) {
    this.dispatcher = dispatcher;
    RequestMeters meters = new RequestMeters(counts);
    policy = new LivePolicy(settings, time);
    ingress =
        await(
            HttpIngress.open(
                vertx,
                1,
                settings,
                policy,
                ApiParts.of(dispatcher, time).with(store == null ? tokens : store),
                List.of(),
                meters));
  }

  static TestIngress open(ScriptedDispatcher dispatcher, ServerSettings settings) {
    return open(dispatcher, settings, null);
  }

  /** The same with another store of tokens; null for its own. */
  static TestIngress open(
      ScriptedDispatcher dispatcher, ServerSettings settings, TokenStore tokens) {
    return new TestIngress(dispatcher, settings, tokens);
  }

  static TestIngress open(ScriptedDispatcher dispatcher) {
    return open(dispatcher, settings(true, "127.0.0.1"));
  }

  static ServerSettings settings(boolean waitForResult, String allowedHosts) {
    return settings(
        null,
        waitForResult,
        new Access(AddressList.parse(allowedHosts), AddressList.NONE, ApiKeys.OPEN),
        Limits.DEFAULT);
  }

  static ServerSettings settings(Tls tls, boolean waitForResult, Access access, Limits limits) {
    return new ServerSettings(
        "127.0.0.1",
        0,
        tls,
        waitForResult,
        access,
        limits,
        new LogSettings(
            false, false, Journal.NO, false, Path.of("unused.log"), 0, Duration.ZERO, 1),
        Duration.ofSeconds(1),
        null);
  }

  /** Goes by other settings, as a reload does; completes with what has to wait. */
  Future<List<String>> apply(ServerSettings settings) {
    return ingress.apply(settings).onSuccess(waiting -> policy.apply(settings));
  }

  int port() {
    return ingress.port();
  }

  /** Lets time pass, from one look at the connections to the next. */
  void pass(Duration duration) {
    for (long passed = 0; passed < duration.toMillis(); passed += SWEEP.toMillis()) {
      Future<Long> looked = time.untilTimer(delay -> true);
      time.advance(SWEEP);
      await(looked);
    }
  }

  @Override
  public void afterEach(ExtensionContext test) {
    close();
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}
