// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import static org.pushserver.fake.Await.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.pushserver.api.ApiParts;
import org.pushserver.api.LivePolicy;
import org.pushserver.api.ScriptedDispatcher;
import org.pushserver.config.Access;
import org.pushserver.config.AddressList;
import org.pushserver.config.ApiKey;
import org.pushserver.config.ApiKeys;
import org.pushserver.config.KeyHash;
import org.pushserver.config.Limits;
import org.pushserver.config.LogSettings;
import org.pushserver.config.LogSettings.Journal;
import org.pushserver.config.Right;
import org.pushserver.config.ServerSettings;
import org.pushserver.dispatch.ApplicationSnapshot;
import org.pushserver.dispatch.DisabledSection;
import org.pushserver.dispatch.RunningApplications;
import org.pushserver.dispatch.Status;
import org.pushserver.endpoint.AdmittedRequest;
import org.pushserver.endpoint.HttpEndpoint;
import org.pushserver.events.Application;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.MemoryTokenStore;
import org.pushserver.fake.MemoryTrail;
import org.pushserver.ingress.HttpIngress;
import org.pushserver.observe.LoginMeters;
import org.pushserver.observe.RequestMeters;
import org.pushserver.push.AppKey;
import org.pushserver.search.TrailApi;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Delivery;
import org.pushserver.sylk.SylkApplication;
import org.pushserver.trail.Trail;

/**
 * A main door on a free port of the loopback address that has the console, over a trail that a test
 * fills by hand. There are two applications, an owner of the first, and an operator who sees all.
 */
public final class ConsoleDoor implements AutoCloseable {
  public static final AppKey PHONE = new AppKey("com.example.phone", AppKey.APPLE);
  public static final AppKey OTHER = new AppKey("org.example.other", AppKey.FIREBASE);

  private static final String LOOPBACK = "127.0.0.1";

  /** Opens all applications. */
  public static final String OPERATOR = "ps_operator";

  /** Opens {@link #PHONE}. */
  public static final String OWNER = "ps_owner";

  /** Sends pushes, and may not log in. */
  public static final String SENDER = "ps_sender";

  public static final ApiKey OPERATOR_KEY = key("operator", OPERATOR, true, Right.CONSOLE);
  public static final ApiKey OWNER_KEY = key("owner", OWNER, false, Right.CONSOLE);
  public static final ApiKey SENDER_KEY = key("sender", SENDER, true, Right.PUSH);

  public final MemoryTrail trail = new MemoryTrail();
  public final MemoryTokenStore tokens = new MemoryTokenStore();
  public final ManualTime time = new ManualTime();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Vertx vertx = Vertx.vertx();
  private final LivePolicy policy;
  private final TrailApi api;
  private final List<HttpEndpoint<AdmittedRequest>> endpoints;
  private final HttpIngress ingress;

  /** One with keys, and nobody else who says who a reader is. */
  public ConsoleDoor() {
    this(ApiKeys.of(List.of(OPERATOR_KEY, OWNER_KEY, SENDER_KEY)), "", true);
  }

  ConsoleDoor(ApiKeys keys, String userHeader, boolean hasTrail) {
    ServerSettings settings = settings(keys, LOOPBACK);
    policy = new LivePolicy(settings, time);
    Trail shown = hasTrail ? trail : null;
    api = new TrailApi(shown, policy, time);
    endpoints =
        Console.endpoints(
            vertx,
            new Console.Sources(
                shown, new Running(vertx.getOrCreateContext()), hasTrail ? tokens : null),
            api,
            policy,
            new LoginMeters(meters),
            time,
            userHeader);
    ingress =
        await(
            HttpIngress.open(
                vertx,
                1,
                settings,
                policy,
                ApiParts.of(ScriptedDispatcher.withSamples(), time),
                endpoints,
                new RequestMeters(new SimpleMeterRegistry())));
  }

  static ApiKey key(String name, String key, boolean all) {
    return key(name, key, all, Right.CONSOLE);
  }

  /** Two, which are connected. */
  static RunningApplications applications() {
    return new Running(null);
  }

  private static ApiKey key(String name, String key, boolean all, Right right) {
    String hash = HexFormat.of().formatHex(new KeyHash().of(key));
    return new ApiKey(name, hash, all, Set.of(), Set.of(PHONE), Set.of(right));
  }

  private static ServerSettings settings(ApiKeys keys, String proxies) {
    return new ServerSettings(
        "127.0.0.1",
        0,
        null,
        true,
        new Access(AddressList.parse(LOOPBACK), AddressList.parse(proxies), keys),
        Limits.DEFAULT,
        new LogSettings(
            false, false, Journal.NO, false, Path.of("unused.log"), 0, Duration.ZERO, 1),
        Duration.ofSeconds(1),
        null);
  }

  /** Goes by other keys from now on, as a reload does. */
  void apply(ApiKeys keys) {
    policy.apply(settings(keys, LOOPBACK));
  }

  /** The same without a proxy whose word counts. */
  void trustNobody(ApiKeys keys) {
    policy.apply(settings(keys, "192.0.2.1"));
  }

  /** Of all that the console answers. */
  Stream<String> paths() {
    return endpoints.stream().map(HttpEndpoint::path);
  }

  public int port() {
    return ingress.port();
  }

  @Override
  public void close() {
    api.close();
    await(vertx.close());
  }

  /**
   * @param loop on which they say how they are, not that of a reader's connection; null for at once
   */
  private record Running(Context loop) implements RunningApplications {
    @Override
    public List<Status> statuses() {
      return Stream.of(PHONE, OTHER)
          .map(
              key ->
                  new Status(
                      new Application(key, key.appId(), new SylkApplication(), Delivery.DEFAULT),
                      Condition.CONNECTED,
                      TrailSamples.BEGIN,
                      null))
          .toList();
    }

    @Override
    public Future<List<ApplicationSnapshot>> snapshots() {
      if (loop == null) {
        return Future.succeededFuture(List.of());
      }
      Promise<List<ApplicationSnapshot>> said = Promise.promise();
      loop.runOnContext(turn -> said.complete(List.of()));
      return said.future();
    }

    @Override
    public List<DisabledSection> disabled() {
      return List.of();
    }

    @Override
    public boolean isClosing() {
      return false;
    }
  }
}
