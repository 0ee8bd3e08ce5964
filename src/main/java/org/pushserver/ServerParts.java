// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Supplier;
import org.pushserver.api.ApiParts;
import org.pushserver.audit.DeadTokens;
import org.pushserver.cluster.VertxNodes;
import org.pushserver.dispatch.Fleet;
import org.pushserver.observe.Monitoring;
import org.pushserver.spi.Time;
import org.pushserver.tokens.TokenStore;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailRecorder;

/**
 * What a server is made of, behind its doors. Any thread.
 *
 * @param applications what runs, and from what it was made
 * @param api what requests are for
 * @param audience who is told of pushes
 * @param dead the tokens that were found dead
 * @param trail null when none is kept
 * @param upkeep of the stored tokens
 * @param nodes the servers of the cluster; null when this one is alone
 * @param cluster what it has of them; null when it is alone
 * @param spool null when there is none
 */
record ServerParts(
    ApplicationsReload applications,
    Fleet fleet,
    ApiParts api,
    Audience audience,
    DeadTokens dead,
    TrailRecorder trail,
    TokenUpkeep upkeep,
    SpoolUpkeep spool,
    Monitoring monitoring,
    VertxNodes nodes,
    ClusterParts cluster,
    Time time) {
  /** Where the devices of accounts are. */
  TokenStore tokens() {
    return api.tokens();
  }

  /**
   * Lets end what was accepted, then ends them one after the other; what watches them goes on.
   *
   * @param longest how long what was accepted is worked on, here and at other servers
   * @param doors closes what still asks for something; called when no push is under way any more
   */
  Future<Void> end(Duration longest, Supplier<Future<Void>> doors) {
    long began = time.millis();
    return fleet
        .close()
        .eventually(() -> answersOfOthers(longest.minusMillis(time.millis() - began)))
        .eventually(doors)
        .eventually(() -> spool == null ? Future.succeededFuture() : spool.close())
        .eventually(() -> Future.join(endOfTrail(), endOfTokens()))
        .eventually(this::endOfCluster)
        .eventually(audience::close);
  }

  /** What is found of pushes: in a cluster what all servers have; null when none is kept. */
  Trail records() {
    return cluster == null ? trail : cluster.trail();
  }

  private Future<Void> answersOfOthers(Duration left) {
    return cluster == null || left.isNegative() || left.isZero()
        ? Future.succeededFuture()
        : cluster.answered(left);
  }

  private Future<Void> endOfCluster() {
    return nodes == null ? Future.succeededFuture() : cluster.close().eventually(nodes::close);
  }

  private Future<Void> endOfTrail() {
    return trail == null ? Future.succeededFuture() : trail.stop();
  }

  private Future<Void> endOfTokens() {
    upkeep.close();
    return tokens().close();
  }

  /** Gives back what applications were made from; when they have ended. */
  void release() {
    fleet.release();
    applications.release();
  }
}
