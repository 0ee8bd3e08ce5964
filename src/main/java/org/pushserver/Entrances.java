// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.pushserver.api.LivePolicy;
import org.pushserver.bus.BusIngress;
import org.pushserver.config.ConsoleSettings;
import org.pushserver.config.Doors;
import org.pushserver.config.ListenAddress;
import org.pushserver.config.ServerSettings;
import org.pushserver.config.Settings;
import org.pushserver.config.TokenSettings.Store;
import org.pushserver.console.Console;
import org.pushserver.endpoint.AdmittedRequest;
import org.pushserver.endpoint.HttpEndpoint;
import org.pushserver.ingress.DeadTokenPage;
import org.pushserver.ingress.HttpIngress;
import org.pushserver.observe.Monitoring;
import org.pushserver.search.TrailApi;

/** All that requests come in by: HTTP, unless it is switched off, and the event bus. Any thread. */
final class Entrances {
  /** Instead of a port where there is none. */
  static final int NO_PORT = -1;

  /** Null when there is none. */
  private final HttpIngress http;

  private final BusIngress bus;

  /** What requests are judged by, whichever way they come. */
  private final LivePolicy policy;

  private final TrailApi trail;

  /** As it was at the start. */
  private final ConsoleSettings console;

  private Entrances(
      HttpIngress http,
      BusIngress bus,
      LivePolicy policy,
      TrailApi trail,
      ConsoleSettings console) {
    this.http = http;
    this.bus = bus;
    this.policy = policy;
    this.trail = trail;
    this.console = console;
  }

  /**
   * Opens them.
   *
   * @param parts what is behind them
   * @return completes when requests are taken; fails, with none of them open, when a port or an
   *     address is taken
   */
  static Future<Entrances> open(Vertx vertx, Settings settings, Doors doors, ServerParts parts) {
    LivePolicy policy = new LivePolicy(settings.server(), parts.time());
    TrailApi api = new TrailApi(parts.records(), policy, parts.time());
    ConsoleSettings shown = settings.server().console();
    List<HttpEndpoint<AdmittedRequest>> console =
        console(vertx, settings.server(), parts, api, policy);
    Monitoring monitoring = parts.monitoring();
    boolean isApart = doors.admin() && settings.server().admin() != null;
    List<HttpEndpoint<AdmittedRequest>> further =
        isApart
            ? Stream.of(api.endpoints(), console).flatMap(List::stream).toList()
            : api.endpoints();
    return pages(settings, doors, parts, further)
        .compose(
            pages ->
                doors.http()
                    ? HttpIngress.open(
                        vertx,
                        EventLoops.count(vertx),
                        settings.server(),
                        policy,
                        parts.api(),
                        Stream.of(
                                pages,
                                List.of(DeadTokenPage.of(parts.dead())),
                                api.endpoints(),
                                isApart ? List.<HttpEndpoint<AdmittedRequest>>of() : console)
                            .flatMap(List::stream)
                            .toList(),
                        monitoring.meters().requests())
                    : Future.succeededFuture())
        .compose(
            http ->
                BusIngress.open(
                        vertx,
                        EventLoops.count(vertx),
                        settings.server().bus(),
                        settings.general(),
                        policy,
                        parts.api(),
                        monitoring.readiness(parts.fleet()),
                        monitoring.meters().requests())
                    .map(bus -> new Entrances(http, bus, policy, api, shown))
                    .recover(cause -> close(http).transform(end -> Future.failedFuture(cause))));
  }

  /** Nothing of it is loaded when it is off. */
  private static List<HttpEndpoint<AdmittedRequest>> console(
      Vertx vertx, ServerSettings settings, ServerParts parts, TrailApi api, LivePolicy policy) {
    return settings.console().isOn()
        ? Console.endpoints(
            vertx,
            sources(settings, parts),
            api,
            policy,
            parts.monitoring().meters().logins(),
            parts.time(),
            settings.console().userHeader())
        : List.of();
  }

  private static Console.Sources sources(ServerSettings settings, ServerParts parts) {
    boolean isOwn = parts.nodes() != null && settings.tokens().store() == Store.SQLITE;
    return new Console.Sources(
        parts.records(),
        parts.fleet(),
        parts.upkeep().shown(),
        isOwn ? parts.nodes().self().name() : "",
        parts.cluster() == null ? null : parts.cluster()::reports);
  }

  private static Future<List<HttpEndpoint<AdmittedRequest>>> pages(
      Settings settings,
      Doors doors,
      ServerParts parts,
      List<HttpEndpoint<AdmittedRequest>> further) {
    return doors.admin()
        ? parts.monitoring().show(parts.fleet(), settings.server().admin(), further)
        : Future.succeededFuture(List.of());
  }

  private static Future<Void> close(HttpIngress http) {
    return http == null ? Future.succeededFuture() : http.close();
  }

  /**
   * Shows other certificates, and says what has to wait. To be called again only when it has
   * completed.
   *
   * @return completes with what cannot change before the next start, each in an operator's words;
   *     fails, and nothing has changed, when the certificates cannot be used
   */
  Future<List<String>> apply(ServerSettings settings) {
    Future<List<String>> waiting =
        http == null ? Future.succeededFuture(List.of()) : http.apply(settings);
    return waiting.map(
        some ->
            Stream.of(some, bus.unchangeable(settings.bus()), unchangeable(settings.console()))
                .flatMap(List::stream)
                .toList());
  }

  private List<String> unchangeable(ConsoleSettings wanted) {
    return console.equals(wanted)
        ? List.of()
        : List.of(
            "console and console_user_header: the console stays as it is until the next start");
  }

  /** Judges requests that come from now on by other settings; cannot fail. */
  void judgeBy(ServerSettings settings) {
    policy.apply(settings);
  }

  /** As {@link HttpIngress#leave}. */
  Future<Void> leave(Duration longest) {
    trail.close();
    return http == null ? Future.succeededFuture() : http.leave(longest);
  }

  /** Takes no more, and ends when the last answers are written. */
  Future<Void> close() {
    trail.close();
    return close(http).eventually(bus::close);
  }

  /** The port of HTTP; {@link #NO_PORT} when there is none. */
  int port() {
    return http == null ? NO_PORT : http.port();
  }

  /** Where requests are taken, in words. */
  String where(ServerSettings settings) {
    if (http == null) {
      return "the event bus alone";
    }
    String scheme = settings.tls() == null ? "http" : "https";
    return scheme + "://" + ListenAddress.text(settings.host(), port()) + "/push";
  }
}
