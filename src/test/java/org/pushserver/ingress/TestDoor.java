// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.pushserver.config.AddressList;
import org.pushserver.config.ServerSettings;
import org.pushserver.fake.ManualTime;
import org.pushserver.observe.Pages;

/** A running door on a free port of the loopback address, with a scripted dispatcher behind it. */
final class TestDoor implements AutoCloseable {
  final ScriptedDispatcher dispatcher;
  final ManualTime time = new ManualTime();
  private final Vertx vertx = Vertx.vertx();
  private final int port;

  private TestDoor(ScriptedDispatcher dispatcher, ServerSettings settings) {
    this.dispatcher = dispatcher;
    HttpVerticle verticle = new HttpVerticle(settings, dispatcher, time, Pages.NONE);
    finish(vertx.deployVerticle(verticle));
    port = verticle.port();
  }

  static TestDoor open(ScriptedDispatcher dispatcher, ServerSettings settings) {
    return new TestDoor(dispatcher, settings);
  }

  static TestDoor open(ScriptedDispatcher dispatcher) {
    return open(dispatcher, settings(null, true, "127.0.0.1"));
  }

  static ServerSettings settings(Path certificate, boolean waitForResult, String allowedHosts) {
    return new ServerSettings(
        "127.0.0.1",
        0,
        certificate,
        waitForResult,
        AddressList.parse(allowedHosts),
        false,
        Path.of("unused.log"),
        false,
        Duration.ofSeconds(1),
        null);
  }

  int port() {
    return port;
  }

  /** Waits, on the test's own thread, for what the server does on its threads. */
  static void finish(Future<?> future) {
    future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    finish(vertx.close());
  }
}
