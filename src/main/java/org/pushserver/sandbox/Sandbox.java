// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;

/**
 * Running stand-ins for APNs, FCM and OAuth on loopback, with the configuration directory of a
 * server that uses them. Any thread.
 */
public final class Sandbox {
  private final Vertx vertx;
  private final String deployment;
  private final SandboxOptions options;
  private final SandboxVerticle verticle;

  private Sandbox(
      Vertx vertx, String deployment, SandboxOptions options, SandboxVerticle verticle) {
    this.vertx = vertx;
    this.deployment = deployment;
    this.options = options;
    this.verticle = verticle;
  }

  /**
   * Starts a sandbox.
   *
   * @return completes when all ports are open and all files written; fails, with nothing left open,
   *     when a port is taken or a file cannot be written
   */
  public static Future<Sandbox> start(Vertx vertx, SandboxOptions options) {
    SandboxVerticle verticle = new SandboxVerticle(options);
    return vertx
        .deployVerticle(verticle)
        .map(deployment -> new Sandbox(vertx, deployment, options, verticle));
  }

  /** What arrived. */
  public Journal journal() {
    return verticle.journal();
  }

  /** What goes wrong. */
  public Faults faults() {
    return verticle.faults();
  }

  /** The port of the APNs stand-in. */
  public int apnsPort() {
    return verticle.apnsPort();
  }

  /** The port of the FCM and OAuth stand-ins. */
  public int fcmPort() {
    return verticle.fcmPort();
  }

  /** The port of the control API. */
  public int controlPort() {
    return verticle.controlPort();
  }

  /** The certificate that clients must trust, PEM. */
  public Path caFile() {
    return options.directory().resolve("ca.pem");
  }

  /** The configuration directory of a server that uses this sandbox. */
  public Path configDirectory() {
    return SandboxConfig.configDirectory(options.directory());
  }

  /** The configuration files that were not written anew, because somebody has changed them. */
  public List<Path> kept() {
    return verticle.kept();
  }

  /** Closes all ports and connections; the files stay. Completes when nothing is open any more. */
  public Future<Void> close() {
    return vertx.undeploy(deployment);
  }
}
