// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import io.vertx.core.buffer.Buffer;
import org.pushserver.dispatch.RunningApplications;
import org.pushserver.spi.Time;
import org.pushserver.spool.SpoolStore;
import org.pushserver.tokens.TokenStore;
import org.pushserver.trail.TrailRecorder;

/** Tells whether a server can send, and how its applications are. Any thread. */
public final class Readiness {
  private final RunningApplications applications;
  private final ConfigHealth config;
  private final TrailRecorder trail;
  private final TokenStore tokens;
  private final ClusterHealth cluster;
  private final SpoolStore spool;
  private final Time time;

  /**
   * @param trail null when there is none
   * @param tokens null when none are stored
   * @param cluster null when this server is alone
   * @param spool null when there is none
   */
  Readiness(
      RunningApplications applications,
      ConfigHealth config,
      TrailRecorder trail,
      TokenStore tokens,
      ClusterHealth cluster,
      SpoolStore spool,
      Time time) {
    this.applications = applications;
    this.config = config;
    this.trail = trail;
    this.tokens = tokens;
    this.cluster = cluster;
    this.spool = spool;
    this.time = time;
  }

  Health now() {
    return Health.of(
        applications.statuses(),
        applications.disabled(),
        config,
        trail,
        tokens,
        cluster,
        spool,
        applications.isClosing(),
        time.now());
  }

  /**
   * The JSON that says so now, in the form of schema/status.json.
   *
   * @param all whether it names the applications; else it only says whether any can send
   */
  public Buffer json(boolean all) {
    Health health = now();
    return all ? health.body() : health.brief();
  }
}
