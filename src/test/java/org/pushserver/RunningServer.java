// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import org.pushserver.config.Doors;
import org.pushserver.config.Overrides;
import org.pushserver.config.Settings;
import org.pushserver.config.SettingsReader;
import org.pushserver.dispatch.VertxTime;
import org.pushserver.fake.QuickTime;
import org.pushserver.plugin.PluginLoader;

/** A server in this JVM, as {@link Main} runs it, for tests in other packages. */
public final class RunningServer {
  /** The logger that tells what is wrong with the configuration. */
  public static final String PROBLEMS = ProblemLog.class.getName();

  /** Changed files are noticed so many times sooner than in a server of an operator's. */
  private static final int SOONER = 20;

  private final Server server;
  private final Reloader reloader;

  private RunningServer(Server server, Reloader reloader) {
    this.server = server;
    this.reloader = reloader;
  }

  /** Starts with what is configured in a directory. */
  public static Future<RunningServer> start(Vertx vertx, Path directory) {
    return start(vertx, directory, Vanished.PATIENCE);
  }

  /**
   * The same, with another patience.
   *
   * @param patience how long what has gone from the configuration is held as before
   */
  public static Future<RunningServer> start(Vertx vertx, Path directory, Duration patience) {
    return start(vertx, directory, patience, new PluginLoader());
  }

  /**
   * Starts one with plugins of its own.
   *
   * @param loader finds what applications are made of
   */
  public static Future<RunningServer> start(Vertx vertx, Path directory, PluginLoader loader) {
    return start(vertx, directory, Vanished.PATIENCE, loader);
  }

  private static Future<RunningServer> start(
      Vertx vertx, Path directory, Duration patience, PluginLoader loader) {
    Overrides overrides = Overrides.directory(directory);
    SettingsReader reader = new SettingsReader(vertx, loader);
    return reader
        .read(overrides)
        .compose(settings -> Server.start(vertx, settings, Doors.ALL, patience))
        .map(
            server ->
                new RunningServer(
                    server,
                    new Reloader(
                        vertx,
                        new QuickTime(new VertxTime(vertx), SOONER),
                        reader,
                        overrides,
                        server,
                        settings -> Logging.apply(settings.log()))));
  }

  /** Begins to notice changes of the configuration. */
  public Future<Void> watch() {
    return reloader.start();
  }

  /** As a change that was noticed; tells whether the configuration is in use now. */
  public Future<Boolean> reload() {
    return reloader.reload();
  }

  /** As SIGHUP; tells the same. */
  public Future<Boolean> check() {
    return reloader.check();
  }

  /** Applies settings that were made, not read. */
  public Future<Boolean> apply(Settings settings) {
    return server.apply(settings, true);
  }

  /** What is in use. */
  public Settings settings() {
    return server.settings();
  }

  /** Where it takes pushes. */
  public int port() {
    return server.port();
  }

  /** Where health and metrics are. */
  public int adminPort() {
    return server.adminPort();
  }

  /** Ends what was accepted while another server does all else; instead of {@link #stop}. */
  public Future<Void> handOver() {
    return reloader.close().compose(closed -> server.handOver());
  }

  /** Ends all that was accepted, and the server; once. */
  public Future<Void> stop() {
    return reloader.close().compose(closed -> server.stop());
  }
}
