// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import org.pushserver.cluster.ClusterCounts;
import org.pushserver.cluster.ClusterTrail;
import org.pushserver.cluster.Detours;
import org.pushserver.cluster.NodeReport;
import org.pushserver.cluster.Nodes;
import org.pushserver.cluster.SharedPushes;
import org.pushserver.cluster.WhoKnows;
import org.pushserver.config.ClusterSettings;
import org.pushserver.dispatch.Dispatcher;
import org.pushserver.dispatch.Fleet;
import org.pushserver.dispatch.OtherServers;
import org.pushserver.dispatch.ServiceExtension;
import org.pushserver.events.PushListener;
import org.pushserver.observe.ClusterHealth;
import org.pushserver.observe.Monitoring;
import org.pushserver.queue.PushStore;
import org.pushserver.queue.QueueMemory;
import org.pushserver.spi.Time;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailRecorder;

/**
 * What a server that belongs to a cluster has besides: ways to send through others, and what all of
 * them know and are. Any thread.
 */
final class ClusterParts {
  private final Detours detours;
  private final SharedPushes pushes;

  /** Null when this server keeps none. */
  private final Trail trail;

  private final OtherServers acknowledgements;

  private ClusterParts(
      Detours detours, SharedPushes pushes, Trail trail, OtherServers acknowledgements) {
    this.detours = detours;
    this.pushes = pushes;
    this.trail = trail;
    this.acknowledgements = acknowledgements;
  }

  /**
   * Makes them.
   *
   * @param context of the event loop on which it is told and heard how the servers are
   * @param memory what pushes may take, and the copies of those of others with them
   * @param recorder null when this server keeps no trail
   */
  static ClusterParts of(
      Vertx vertx,
      Nodes nodes,
      Time time,
      Context context,
      QueueMemory memory,
      TrailRecorder recorder,
      Monitoring monitoring) {
    ClusterCounts counts = new ClusterCounts();
    Detours detours = new Detours(nodes, time, context, counts);
    monitoring.watch(new ClusterHealth(detours.roll()::reports, counts));
    return new ClusterParts(
        detours,
        SharedPushes.of(vertx, nodes, detours.roll(), time, memory, counts),
        recorder == null ? null : new ClusterTrail(recorder, nodes, detours.roll(), time, context),
        new WhoKnows(nodes, detours.roll(), "ack"));
  }

  /** Gives the push services of applications their ways through others. */
  ServiceExtension ways() {
    return detours;
  }

  /** The trails of all servers as one; null when this one keeps none. */
  Trail trail() {
    return trail;
  }

  /** The others, for what is said of phones that they have pushed. */
  OtherServers acknowledgements() {
    return acknowledgements;
  }

  /** How the servers are. */
  List<NodeReport> reports() {
    return detours.roll().reports();
  }

  /** As {@link SharedPushes#listener}. */
  PushListener listener() {
    return pushes.listener();
  }

  /** Where applications keep their pushes: at another server. */
  PushStore store() {
    return pushes.store();
  }

  /**
   * Begins to tell others how this one is, and to take what is its own.
   *
   * @return the way to all servers
   */
  Dispatcher start(Fleet fleet) {
    detours.roll().start(fleet);
    return pushes.dispatcher(fleet);
  }

  /**
   * Says where others find this server when it does not answer in the cluster.
   *
   * @param settings where it is in the cluster
   * @param host as it is configured
   */
  void opened(ClusterSettings settings, String host, int port) {
    boolean isAnywhere = host.isEmpty() || host.equals("0.0.0.0") || host.equals("::");
    if (settings.isHidden(host)) {
      pushes.hidden();
    } else {
      pushes.opened(isAnywhere ? settings.address() : host, port);
    }
  }

  /** As {@link SharedPushes#answered}. */
  Future<Void> answered(Duration longest) {
    return pushes.answered(longest);
  }

  /** Ends that, when all others know what has ended here. */
  Future<Void> close() {
    return pushes.close().onComplete(told -> detours.roll().close());
  }
}
