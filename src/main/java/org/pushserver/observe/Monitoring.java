// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.stream.Stream;
import org.pushserver.config.ListenAddress;
import org.pushserver.dispatch.ForgettableVerticle;
import org.pushserver.dispatch.RunningApplications;
import org.pushserver.endpoint.AdmittedRequest;
import org.pushserver.endpoint.HttpEndpoint;
import org.pushserver.spi.Time;
import org.pushserver.spool.SpoolStore;
import org.pushserver.tokens.DeadTokenRemoval;
import org.pushserver.tokens.TokenStore;
import org.pushserver.tokens.UnseenTokens;
import org.pushserver.trail.TrailRecorder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that watches one server: it begins before the applications start, shows itself once
 * they run, and ends after them. Any thread.
 */
public final class Monitoring {
  private static final Logger LOG = LoggerFactory.getLogger(Monitoring.class);

  private final Vertx vertx;
  private final Time time;
  private final Meters meters;
  private final ConfigHealth config;
  private final List<LoopDelay> loopDelays;
  private volatile AdminVerticle admin;

  /** Null when there is none. */
  private volatile TrailRecorder trail;

  /** Null when none are stored. */
  private volatile TokenStore tokens;

  /** Null when this server is alone. */
  private volatile ClusterHealth cluster;

  /** Null when there is none. */
  private volatile SpoolStore spool;

  private Monitoring(Vertx vertx, Time time, Meters meters, List<LoopDelay> loopDelays) {
    this.vertx = vertx;
    this.time = time;
    this.meters = meters;
    this.config = new ConfigHealth(time);
    this.loopDelays = loopDelays;
    meters.watch(config);
  }

  /**
   * Begins to measure.
   *
   * @param loops one on each event loop
   */
  public static Future<Monitoring> begin(Vertx vertx, List<Context> loops, Time time) {
    return vertx
        .executeBlocking(() -> new Meters(time))
        .map(meters -> new Monitoring(vertx, time, meters, LoopDelay.measure(loops, time, meters)));
  }

  /** What is to be told of each reading of the configuration. */
  public ConfigHealth config() {
    return config;
  }

  /** Shows how it stands with the trail, too; to be called before anybody looks. */
  public void watch(TrailRecorder recorder) {
    trail = recorder;
    meters.watch(recorder);
  }

  /** Shows how it stands with the stored tokens, too; to be called before anybody looks. */
  public void watch(TokenStore store) {
    tokens = store;
  }

  /** Shows how the servers of the cluster are, too; to be called before anybody looks. */
  public void watch(ClusterHealth servers) {
    cluster = servers;
    meters.watch(servers);
  }

  /** Shows how it stands with the spool, too; to be called before anybody looks. */
  public void watch(SpoolStore store) {
    spool = store;
    meters.watch(store);
  }

  /** The store, so that it is measured what is asked of it. */
  public TokenStore measure(TokenStore store) {
    return meters.tokens().measure(store, time);
  }

  /**
   * Shows what becomes of dead tokens of the store that is measured, and how many devices are in
   * it.
   */
  public void watch(DeadTokenRemoval removal) {
    meters.tokens().show(removal, time);
  }

  /** Shows how many devices go because they were not seen for long. */
  public void watch(UnseenTokens unseen) {
    meters.tokens().removed("unseen", unseen::removed);
  }

  /** What counts the pushes. */
  public Meters meters() {
    return meters;
  }

  /** Tells whether pushes can be sent. */
  public Readiness readiness(RunningApplications applications) {
    return new Readiness(applications, config, trail, tokens, cluster, spool, time);
  }

  /**
   * Shows it all.
   *
   * @param address where; null to show it at the main door
   * @param further what others show there, besides
   * @return completes with the pages that the main door is to have; fails when the address cannot
   *     be listened on
   */
  public Future<List<HttpEndpoint<AdmittedRequest>>> show(
      RunningApplications applications,
      ListenAddress address,
      List<HttpEndpoint<AdmittedRequest>> further) {
    List<HttpEndpoint<AdmittedRequest>> pages =
        Pages.of(vertx, applications, meters, readiness(applications));
    if (address == null) {
      return Future.succeededFuture(pages);
    }
    AdminVerticle verticle =
        new AdminVerticle(
            address.host(),
            address.port(),
            Stream.concat(pages.stream(), further.stream()).toList());
    return vertx
        .deployVerticle(new ForgettableVerticle(verticle))
        .onSuccess(
            id -> {
              admin = verticle;
              LOG.info(
                  "health and metrics on http://{}",
                  ListenAddress.text(address.host(), verticle.port()));
            })
        .map(List.of());
  }

  /**
   * The port of its own door.
   *
   * @param otherwise when it has none
   */
  public int port(int otherwise) {
    return admin == null ? otherwise : admin.port();
  }

  /** Closes its own door, so that another server's has it alone; the rest goes on. */
  public Future<Void> leave() {
    AdminVerticle leaving = admin;
    admin = null;
    return leaving == null ? Future.succeededFuture() : leaving.close();
  }

  /** Ends it. */
  public Future<Void> close() {
    return (admin == null ? Future.succeededFuture() : admin.close())
        .eventually(() -> Future.join(loopDelays.stream().map(LoopDelay::end).toList()))
        .onComplete(done -> meters.close())
        .mapEmpty();
  }
}
