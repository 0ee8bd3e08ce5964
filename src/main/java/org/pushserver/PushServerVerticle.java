// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.pushserver.config.EmbeddedConfig;
import org.pushserver.config.SettingsReader;
import org.pushserver.dispatch.VertxTime;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;

/**
 * A push server within a program of yours: deploy it, and it sends pushes; undeploy it, and nothing
 * of it is left.
 *
 * <pre>{@code
 * JsonObject config = new JsonObject()
 *     .put("http", false)
 *     .put("applications", new JsonObject()
 *         .put("ios", new JsonObject()
 *             .put("app_id", "com.example.phone")
 *             .put("app_platform", "apple")
 *             .put("app_type", "sylk")
 *             .put("apple_certificate", "/etc/phone/apns.pem")));
 * vertx.deployVerticle(new PushServerVerticle(config));
 * }</pre>
 *
 * <p><b>Configuration.</b> A directory with {@code general.ini} and {@code applications.ini}, as
 * the server that is a process of its own has it; or JSON with these fields, of which there has to
 * be one of the first two, or {@code config_dir} in place of the first three:
 *
 * <ul>
 *   <li>{@code general}: an object for each section of {@code general.ini}, with its keys;
 *   <li>{@code applications}: an object for each section of {@code applications.ini};
 *   <li>{@code directory}: where relative names of files start; the working directory otherwise;
 *   <li>{@code config_dir}: a directory with the two files;
 *   <li>{@code http}: {@code false} for no HTTP door: pushes come in over the event bus alone;
 *   <li>{@code admin}: {@code false} for no health and metrics over HTTP, wherever they were.
 * </ul>
 *
 * A value is text, a number, {@code true}, {@code false}, or an array of these, which means the
 * same as a list with commas. Keys of logging are not used: lines go to SLF4J, and where from there
 * is for the program to say.
 *
 * <p><b>Start.</b> Deploying completes when pushes are taken. It fails with {@link
 * ConfigException}, which has every problem found, when the configuration cannot be used, and when
 * a port cannot be listened on; then nothing is left of it. An application that is wrong is logged
 * and left out, as {@link #problems} says; the others run. A configuration that is a directory, and
 * files of certificates and keys in any case, are watched, and a change is applied while pushes go
 * on.
 *
 * <p><b>End.</b> Undeploying takes no new push, goes on with those that were accepted until they
 * have ended or {@code drain_timeout} (15 s) has passed, answers their callers, then closes every
 * connection. Undeploy it before you close the {@link io.vertx.core.Vertx}: closing that ends all
 * verticles at once, so the HTTP door closes after two seconds whether its callers have their
 * answers or not.
 *
 * <p><b>What it leaves alone.</b> It sets no system property, no locale, no signal handler, no
 * shutdown hook, no log appender and no exception handler, and never ends the process.
 *
 * <p><b>Several.</b> Deploy one instance for each configuration, never {@link
 * DeploymentOptions#setInstances more} of one: an instance uses all event loops anyway. The methods
 * may be called on any thread.
 */
public final class PushServerVerticle extends VerticleBase {
  /** How it is configured, from {@link DeploymentOptions#getConfig} or from elsewhere. */
  private interface Given {
    EmbeddedConfig config(JsonObject deployed) throws ConfigException;
  }

  /** What runs, once it does. */
  private record Running(Server server, Reloader reloader) {}

  private final Given given;

  /** It belongs to no deployment: what it deploys is undeployed by it, in its order. */
  private Context own;

  private volatile Running running;

  /**
   * One that is configured by {@link DeploymentOptions#setConfig}, with JSON as {@linkplain
   * #PushServerVerticle(JsonObject) below}.
   */
  public PushServerVerticle() {
    this.given = EmbeddedConfig::of;
  }

  /**
   * One that is configured by files, as a server that is a process of its own: they are watched,
   * and what has changed is applied.
   *
   * @param configDirectory where {@code general.ini} and {@code applications.ini} are
   */
  public PushServerVerticle(Path configDirectory) {
    EmbeddedConfig config = EmbeddedConfig.of(configDirectory);
    this.given = deployed -> config;
  }

  /**
   * One that is configured by JSON, or by files in a directory that the JSON names.
   *
   * @param config the fields that are listed above; copied
   */
  public PushServerVerticle(JsonObject config) {
    JsonObject copy = Objects.requireNonNull(config, "config").copy();
    this.given = deployed -> EmbeddedConfig.of(copy);
  }

  @Override
  public Future<?> start() throws ConfigException {
    EmbeddedConfig config = given.config(config());
    own = EventLoops.context(vertx);
    return onOwn(() -> start(config));
  }

  private Future<Void> start(EmbeddedConfig config) {
    SettingsReader reader = new SettingsReader(vertx);
    return reader
        .read(config.source())
        .compose(settings -> Server.start(vertx, settings, config.doors(), Vanished.PATIENCE))
        .compose(
            server -> {
              Reloader reloader =
                  new Reloader(
                      vertx,
                      new VertxTime(vertx),
                      reader,
                      config.source(),
                      server,
                      // Where lines go is not ours to say here.
                      settings -> {});
              running = new Running(server, reloader);
              return reloader.start();
            });
  }

  @Override
  public Future<?> stop() {
    Running ending = running;
    return ending == null
        ? Future.succeededFuture()
        : onOwn(
            () ->
                ending
                    .reloader()
                    .close()
                    .compose(closed -> ending.server().stop())
                    .eventually(() -> ending.reloader().idle()));
  }

  /**
   * Reads the configuration again and applies it, also when no file seems to have changed: as
   * SIGHUP does to a server that is a process of its own. What has not changed goes on untouched.
   *
   * @return completes with true when new pushes meet it, with false when it cannot be used: then
   *     all goes on as before, and {@link #problems} and the log say why. Fails before the start
   *     has completed
   */
  public Future<Boolean> reload() {
    return whenRunning(now -> now.reloader().check());
  }

  /**
   * Goes on with another configuration. What has not changed in it goes on untouched, and what
   * waits of an application that has is kept. Doors, ports and limits of connections stay as they
   * are until the next deployment.
   *
   * @param config as for {@linkplain #PushServerVerticle(JsonObject) the constructor}; copied
   * @return as {@link #reload}; fails with {@link ConfigException} when a field is unknown or is
   *     not of its type
   */
  public Future<Boolean> apply(JsonObject config) {
    JsonObject copy = Objects.requireNonNull(config, "config").copy();
    EmbeddedConfig next;
    try {
      next = EmbeddedConfig.of(copy);
    } catch (ConfigException e) {
      return Future.failedFuture(e);
    }
    return whenRunning(now -> now.reloader().apply(next.source()));
  }

  /**
   * The port where requests come in over HTTP, which the system chose when 0 was configured.
   *
   * @return -1 when there is no HTTP door, or none yet
   */
  public int port() {
    Running now = running;
    return now == null ? Entrances.NO_PORT : now.server().port();
  }

  /**
   * The port where health and metrics are shown: their own, or that of {@link #port}.
   *
   * @return -1 when they are shown nowhere, or not yet
   */
  public int adminPort() {
    Running now = running;
    return now == null ? Entrances.NO_PORT : now.server().adminPort();
  }

  /**
   * What is wrong with the configuration as it was last read, whether it is in use or not:
   * warnings, and an error for each application that does not run, or runs as before.
   *
   * @return empty when nothing is, or before the start has completed
   */
  public List<Problem> problems() {
    Running now = running;
    return now == null ? List.of() : now.server().problems();
  }

  private interface Action<T> {
    Future<T> on(Running now);
  }

  private <T> Future<T> whenRunning(Action<T> action) {
    Running now = running;
    return now == null
        ? Future.failedFuture(new IllegalStateException("the push server has not started"))
        : onOwn(() -> action.on(now));
  }

  /**
   * Does something on the context that belongs to no deployment, so that what is deployed there is
   * no child of ours: Vert.x ends children first, and the door would close before accepted pushes
   * have ended.
   */
  private <T> Future<T> onOwn(Supplier<Future<T>> action) {
    Promise<T> promise = Promise.promise();
    own.runOnContext(
        turn -> Future.<Void>succeededFuture().compose(now -> action.get()).onComplete(promise));
    return promise.future();
  }
}
