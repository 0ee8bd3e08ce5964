// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Context;
import java.util.List;
import org.pushserver.cluster.ClusterCounts;
import org.pushserver.cluster.ClusterTrail;
import org.pushserver.cluster.Detours;
import org.pushserver.cluster.NodeReport;
import org.pushserver.cluster.Nodes;
import org.pushserver.dispatch.RunningApplications;
import org.pushserver.dispatch.ServiceExtension;
import org.pushserver.observe.ClusterHealth;
import org.pushserver.observe.Monitoring;
import org.pushserver.spi.Time;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailRecorder;

/**
 * What a server that belongs to a cluster has besides: ways to send through others, and what all of
 * them know and are. Any thread.
 */
final class ClusterParts {
  private final Detours detours;

  /** Null when this server keeps none. */
  private final Trail trail;

  private ClusterParts(Detours detours, Trail trail) {
    this.detours = detours;
    this.trail = trail;
  }

  /**
   * Makes them.
   *
   * @param context of the event loop on which it is told and heard how the servers are
   * @param recorder null when this server keeps no trail
   */
  static ClusterParts of(
      Nodes nodes, Time time, Context context, TrailRecorder recorder, Monitoring monitoring) {
    ClusterCounts counts = new ClusterCounts();
    Detours detours = new Detours(nodes, time, context, counts);
    monitoring.watch(new ClusterHealth(detours.roll()::reports, counts));
    return new ClusterParts(
        detours, recorder == null ? null : new ClusterTrail(recorder, nodes, detours.roll()));
  }

  /** Gives the push services of applications their ways through others. */
  ServiceExtension ways() {
    return detours;
  }

  /** The trails of all servers as one; null when this one keeps none. */
  Trail trail() {
    return trail;
  }

  /** How the servers are. */
  List<NodeReport> reports() {
    return detours.roll().reports();
  }

  /** Begins to tell others how this one is. */
  void start(RunningApplications applications) {
    detours.roll().start(applications);
  }

  /** Ends that. */
  void close() {
    detours.roll().close();
  }
}
