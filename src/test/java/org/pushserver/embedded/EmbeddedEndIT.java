// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.failure;
import static org.pushserver.fake.Await.until;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.PushServerVerticle;
import org.pushserver.dispatch.ForgettableVerticle;
import org.pushserver.sandbox.Fault;
import org.pushserver.sandbox.Service;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;

/** How the server within a program ends, and that nothing of it is left then. */
@Timeout(300)
class EmbeddedEndIT {
  /** After so many everything that is made once is there. */
  private static final int WARM = 5;

  private static final int TIMES = 100;

  /** What has failed to start, and why: Vert.x (5.0.10) forgets none, but these hold no server. */
  private static final List<Class<?>> HELD_BY_VERTX =
      List.of(
          PushServerVerticle.class,
          ForgettableVerticle.class,
          ConfigException.class,
          Problem.class);

  @TempDir Path dir;

  @RegisterExtension final EmbeddedFixture program = new EmbeddedFixture(() -> dir);

  private int rings = 10;

  /** A ring that was asked for while Apple was down. */
  private CompletableFuture<HttpResponse<String>> waiting;

  /** With a plugin that is compiled anew each time. */
  private JsonObject withPlugin() throws Exception {
    Path folder = Files.createDirectories(program.config().resolve("applications"));
    Files.copy(Path.of("conf/applications/MyApp.java"), folder.resolve("MyApp.java"));
    JsonObject json = program.json();
    json.getJsonObject("applications").getJsonObject("sylk-apple").put("app_type", "myapp");
    return json;
  }

  private void useFewWorkers() {
    await(program.vertx.close());
    program.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(2)
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(2));
  }

  private void oneLife(JsonObject json, int number) throws Exception {
    PushServerVerticle server = new PushServerVerticle(json);
    String deployment = program.deploy(server);
    program.assertRings(server, number);
    await(program.vertx.undeploy(deployment));
    // It holds what was logged.
    program.log.forget();
  }

  @Test
  void aHundredInARowLeaveNothing() throws Exception {
    JsonObject json = withPlugin();
    useFewWorkers();
    for (int i = 0; i < WARM; i++) {
      oneLife(json, i);
    }
    Remains before = Remains.now();
    for (int i = WARM; i < TIMES; i++) {
      oneLife(json, i);
    }
    assertEquals(Set.of(), program.vertx.deploymentIDs());
    until(() -> Remains.now().beyond(before).isEmpty(), () -> more(before));
  }

  private static String more(Remains before) {
    try {
      return Remains.now().beyond(before);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatFailedToStartLeavesNothing() throws Exception {
    JsonObject good = withPlugin();
    JsonObject bad = withoutDoor(good);
    useFewWorkers();
    HttpServer taken =
        await(
            program
                .vertx
                .createHttpServer()
                .requestHandler(request -> request.response().end())
                .listen(0, "127.0.0.1"));
    JsonObject blocked = good.copy();
    blocked.getJsonObject("general").getJsonObject("server").put("port", taken.actualPort());
    // Each of its doors could be opened, but not both: that shows when applications run.
    JsonObject late = good.copy();
    int port = freePort();
    late.getJsonObject("general")
        .getJsonObject("server")
        .put("host", "127.0.0.1")
        .put("port", port)
        .put("admin_host", "0.0.0.0")
        .put("admin_port", port);
    for (int i = 0; i < WARM; i++) {
      failToStart(bad, blocked, late);
    }
    Remains before = Remains.now();
    for (int i = 0; i < 2 * WARM; i++) {
      failToStart(bad, blocked, late);
    }
    assertEquals(Set.of(), program.vertx.deploymentIDs());
    until(() -> Remains.now().without(HELD_BY_VERTX).beyond(before).isEmpty(), () -> more(before));
  }

  private static JsonObject withoutDoor(JsonObject good) {
    JsonObject bad = good.copy();
    bad.getJsonObject("general").getJsonObject("server").put("port", "none");
    return bad;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void failToStart(JsonObject... all) {
    for (JsonObject json : all) {
      Throwable cause = failure(program.vertx.deployVerticle(new PushServerVerticle(json)));
      assertTrue(
          cause.getMessage().matches("(?s).*(\\[server\\] port: |in use).*"), cause::getMessage);
    }
    program.log.forget();
  }

  @Test
  void acceptedPushesEndBeforeTheDoorIsClosed() throws Exception {
    PushServerVerticle server = new PushServerVerticle(program.json());
    String deployment = program.deploy(server);
    program.assertRings(server, 1);
    Future<Void> ended = endWhileOneWaits(server, () -> program.vertx.undeploy(deployment));
    // The door is still open.
    until(() -> program.ring(server.port(), 3).get().statusCode() == 503, () -> "open");
    assertFalse(ended.isComplete());
    program.sandbox.faults().clear();
    assertEquals(200, await(waiting).statusCode());
    await(ended);
    assertEquals(Set.of(), program.vertx.deploymentIDs());
  }

  /** While Apple is down. */
  private Future<Void> endWhileOneWaits(PushServerVerticle server, Supplier<Future<Void>> end)
      throws Exception {
    program.sandbox.faults().add(Fault.of(Fault.Kind.DOWN).at(Service.APNS));
    waiting = program.ring(server.port(), 2);
    program.log.untilLogged(EmbeddedFixture.token(2));
    return end.get();
  }

  @Test
  void itEndsWithTheVerticleThatHasDeployedIt() throws Exception {
    PushServerVerticle server = new PushServerVerticle(program.json());
    String parent =
        await(program.vertx.deployVerticle(context -> context.owner().deployVerticle(server)));
    program.assertRings(server, 1);
    await(program.vertx.undeploy(parent));
    assertEquals(Set.of(), program.vertx.deploymentIDs());
    assertThrows(ConnectException.class, () -> program.get(server.port(), "/"));
  }

  @Test
  void aVertxThatIsClosedEndsInTimeThoughPushesWaitAndLeavesNothing() throws Exception {
    JsonObject json = program.json();
    json.getJsonObject("general").getJsonObject("server").put("drain_timeout", 1);
    closeWhileOneWaits(json);
    Remains before = Remains.now();
    closeWhileOneWaits(json);
    until(() -> Remains.now().beyond(before).isEmpty(), () -> more(before));
  }

  private void closeWhileOneWaits(JsonObject json) throws Exception {
    program.sandbox.faults().clear();
    await(program.vertx.close());
    program.vertx = Vertx.vertx();
    PushServerVerticle server = new PushServerVerticle(json);
    program.deploy(server);
    program.assertRings(server, rings++);
    await(endWhileOneWaits(server, program.vertx::close));
    assertThrows(ConnectException.class, () -> program.get(server.port(), "/"));
    program.log.forget();
  }

  @Test
  void anotherServerOfTheSameVertxGoesOn() throws Exception {
    HttpServer other =
        await(
            program
                .vertx
                .createHttpServer()
                .requestHandler(request -> request.response().end("mine"))
                .listen(0, "127.0.0.1"));
    PushServerVerticle one = new PushServerVerticle(program.json());
    PushServerVerticle two = new PushServerVerticle(program.json("other"));
    String first = program.deploy(one);
    program.deploy(two);
    program.assertRings(one, 1);
    await(program.vertx.undeploy(first));
    program.assertRings(two, 2);
    program.assertRings("other.push", 3);
    assertEquals("mine", program.get(other.actualPort(), "/").body());
  }

  @Test
  void oneOnAnotherVertxGoesOn() throws Exception {
    Vertx other = Vertx.vertx();
    PushServerVerticle one = new PushServerVerticle(program.json());
    PushServerVerticle two = new PushServerVerticle(program.json());
    program.deploy(one);
    await(other.deployVerticle(two));
    program.assertRings(one, 1);
    program.assertRings(two, 2);
    await(other.close());
    program.assertRings(one, 3);
  }
}
