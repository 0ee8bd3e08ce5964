// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pushserver.api.ApiParts;
import org.pushserver.api.LivePolicy;
import org.pushserver.config.BusSettings;
import org.pushserver.dispatch.ForgettableVerticle;
import org.pushserver.observe.Readiness;
import org.pushserver.observe.RequestMeters;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;

/**
 * The door on the event bus: a verticle on each event loop, whose consumers share the messages. Any
 * thread.
 */
public final class BusIngress {
  private final Vertx vertx;
  private final BusSettings started;
  private final AddressClaim claim;
  private final String deployment;

  private BusIngress(Vertx vertx, BusSettings started, AddressClaim claim, String deployment) {
    this.vertx = vertx;
    this.started = started;
    this.claim = claim;
    this.deployment = deployment;
  }

  /**
   * Opens the door.
   *
   * @param verticles how many: as many as event loops
   * @param settings what is taken, and at which addresses
   * @param general what the file of these settings is called in messages
   * @param policy what messages are judged by
   * @param parts what messages are for
   * @param readiness tells how the server is
   * @param meters what happens at the door is counted here
   * @return completes when messages are taken; fails with a {@link ConfigException} when another
   *     server has these addresses
   */
  public static Future<BusIngress> open(
      Vertx vertx,
      int verticles,
      BusSettings settings,
      String general,
      LivePolicy policy,
      ApiParts parts,
      Readiness readiness,
      RequestMeters meters) {
    Optional<AddressClaim> claim = AddressClaim.of(vertx, settings.prefix());
    if (claim.isEmpty()) {
      return Future.failedFuture(taken(general, settings.prefix()));
    }
    List<BusVerticle> all = new ArrayList<>();
    for (int i = 0; i < verticles; i++) {
      all.add(new BusVerticle(settings, i == 0, policy, parts, readiness, meters));
    }
    return vertx
        .deployVerticle(
            all.stream().map(ForgettableVerticle::new).iterator()::next,
            new DeploymentOptions().setInstances(verticles))
        .map(id -> new BusIngress(vertx, settings, claim.get(), id))
        .onFailure(cause -> claim.get().release());
  }

  private static ConfigException taken(String general, String prefix) {
    return new ConfigException(
        new Problem(
            Severity.FATAL,
            general,
            "bus",
            "prefix",
            "another server uses the addresses "
                + prefix
                + ".* on this Vert.x; give one of the two another prefix, or a Vert.x of its own"));
  }

  /** What of other settings has to wait for the next start, each in an operator's words. */
  public List<String> unchangeable(BusSettings wanted) {
    List<String> kept = new ArrayList<>();
    if (started.push() != wanted.push()) {
      kept.add(
          "push: pushes from the event bus are %s until the next start"
              .formatted(started.push() ? "taken" : "not taken"));
    }
    if (!started.prefix().equals(wanted.prefix())) {
      kept.add(
          "prefix: the addresses on the event bus begin with %s until the next start"
              .formatted(started.prefix()));
    }
    return kept;
  }

  /**
   * Takes no more messages. What waits for its answer has to be ended before, by the dispatcher.
   *
   * @return completes when it is closed
   */
  public Future<Void> close() {
    return vertx.undeploy(deployment).onComplete(closed -> claim.release());
  }
}
