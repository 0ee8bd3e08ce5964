// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.pushserver.fake.TestSandbox;
import org.pushserver.sandbox.Sandbox;
import org.pushserver.sandbox.SandboxApp;
import org.pushserver.sandbox.SandboxOptions;

/**
 * The sandbox, configured for it the program in JVMs of its own, and the end of all with the test.
 */
final class Program implements BeforeEachCallback, AfterEachCallback {
  final Vertx vertx = Vertx.vertx();
  Sandbox sandbox;

  /** The configuration directory; the sandbox has written what is in it. */
  Path config;

  private final Supplier<Path> directory;
  private final List<SandboxApp> apps;
  private final List<ServerProcess> started = new ArrayList<>();

  /**
   * With the sandbox's own applications.
   *
   * @param directory where everything is to be; asked for when a test begins
   */
  Program(Supplier<Path> directory) {
    this(directory, SandboxApp.DEFAULTS);
  }

  /** With these applications. */
  Program(Supplier<Path> directory, List<SandboxApp> apps) {
    this.directory = directory;
    this.apps = apps;
  }

  @Override
  public void beforeEach(ExtensionContext test) {
    SandboxOptions options = SandboxOptions.in(directory.get()).withApps(apps);
    sandbox = await(TestSandbox.start(vertx, options));
    config = sandbox.configDirectory();
  }

  /** Starts a server, and returns when it serves requests. */
  ServerProcess start(String... jvmOptions) throws Exception {
    return start(HttpClient.newHttpClient(), jvmOptions);
  }

  /** The same, with a client that knows its certificate. */
  ServerProcess start(HttpClient http, String... jvmOptions) throws Exception {
    ServerProcess server = ServerProcess.start(config, http, jvmOptions);
    started.add(server);
    return server;
  }

  /** The same of one that finds this in its environment. */
  ServerProcess startWith(Map<String, String> environment, String... jvmOptions) throws Exception {
    ServerProcess server = ServerProcess.startWith(environment, config, jvmOptions);
    started.add(server);
    return server;
  }

  /** Starts one that takes the place of another, and returns when it serves requests. */
  ServerProcess startInPlaceOf(ServerProcess other, String... options) throws Exception {
    ServerProcess server = ServerProcess.startInPlaceOf(other, config, options);
    started.add(server);
    return server;
  }

  /** Starts one that does not yet serve requests. */
  ServerProcess begin(String... jvmOptions) throws Exception {
    ServerProcess server = ServerProcess.begin(config, List.of(), jvmOptions);
    started.add(server);
    return server;
  }

  /** Starts one that takes the place of another, and does not yet serve requests. */
  ServerProcess beginInPlaceOf(ServerProcess other, String... jvmOptions) throws Exception {
    ServerProcess server =
        ServerProcess.begin(
            config, List.of("--take-over-from", Long.toString(other.pid())), jvmOptions);
    started.add(server);
    return server;
  }

  @Override
  public void afterEach(ExtensionContext test) throws Exception {
    for (ServerProcess server : started) {
      server.kill();
    }
    await(vertx.close());
  }
}
