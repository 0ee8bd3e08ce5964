// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.pushserver.cluster.ClusterMember;
import org.pushserver.config.ClusterSettings;
import org.pushserver.config.Doors;
import org.pushserver.config.Overrides;
import org.pushserver.config.Settings;
import org.pushserver.config.Surroundings;
import org.pushserver.pem.Pem.PemException;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;

/** The cluster that the process belongs to, and the {@link Vertx} that is a part of it. */
final class OwnCluster {
  private final ClusterMember member;
  private final Vertx vertx;

  private OwnCluster(ClusterMember member, Vertx vertx) {
    this.member = member;
    this.vertx = vertx;
  }

  /**
   * Begins with what takes a member its time and needs no settings, on a thread of its own, and
   * returns at once; does nothing where no cluster is configured.
   */
  static void prepare(Overrides overrides) {
    Thread thread =
        new Thread(
            () -> {
              if (ClusterSettings.seemWanted(overrides)) {
                ClusterMember.prepare();
              }
            },
            "pushserver-cluster");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Joins the cluster of some settings, if they name one. Main thread: blocks until that is done.
   *
   * @return null when they name none
   * @throws ExecutionException when it cannot be joined; the cause says why, a {@link
   *     ConfigException} what is wrong with the configuration
   */
  static OwnCluster join(Settings settings, Doors doors)
      throws ExecutionException, InterruptedException {
    ClusterSettings cluster = settings.server().cluster();
    if (cluster == null) {
      return null;
    }
    List<Problem> problems =
        new ArrayList<>(Surroundings.unlistenable(settings.general(), cluster));
    if (doors.takesOver()) {
      problems.add(
          new Problem(
              Severity.FATAL,
              "command line",
              "",
              "--take-over-from",
              "it is not for members of a cluster, which others stand in for: stop this one, then"
                  + " start it again"));
    }
    if (!problems.isEmpty()) {
      throw new ExecutionException(new ConfigException(problems));
    }
    Logging.applyToCluster();
    try {
      ClusterMember member = ClusterMember.join(cluster);
      return new OwnCluster(member, Main.await(OwnVertx.create(member)));
    } catch (IOException | PemException e) {
      throw new ExecutionException(e);
    }
  }

  /** Where the server is to run. */
  Vertx vertx() {
    return vertx;
  }

  /** Goes on with other certificates; says what else has to wait for the next start. Blocks. */
  void apply(ClusterSettings changed) {
    member.renew(vertx, changed);
  }

  /** Leaves it, when the server has ended. Blocks. */
  void leave() {
    member.leave();
  }
}
