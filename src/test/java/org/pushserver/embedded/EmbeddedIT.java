// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.failure;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.PushServerVerticle;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;

/** How a program starts the server within it, and what it is told when that cannot be. */
@Timeout(120)
class EmbeddedIT {
  @TempDir Path dir;

  @RegisterExtension final EmbeddedFixture program = new EmbeddedFixture(() -> dir);

  @Test
  void itStartsFromADirectory() throws Exception {
    PushServerVerticle server = new PushServerVerticle(program.config());
    program.deploy(server);
    program.assertRings(server, 1);
    assertEquals(List.of(), server.problems());
  }

  @Test
  void itStartsFromJson() throws Exception {
    PushServerVerticle server = new PushServerVerticle(program.json());
    program.deploy(server);
    program.assertRings(server, 1);
    assertEquals(List.of(), server.problems());
  }

  @Test
  void itStartsFromTheConfigurationOfItsDeployment() throws Exception {
    JsonObject config = new JsonObject().put("config_dir", program.config().toString());
    await(
        program.vertx.deployVerticle(
            PushServerVerticle.class, new DeploymentOptions().setConfig(config)));
    String line = program.log.untilLogged("applications run; requests on http://127.0.0.1:");
    program.assertRings(URI.create(line.substring(line.indexOf("http"))).getPort(), 1);
  }

  @Test
  void itHasWhateverPortWasFree() throws Exception {
    PushServerVerticle one = new PushServerVerticle(program.json());
    PushServerVerticle other = new PushServerVerticle(program.json("other"));
    program.deploy(one);
    program.deploy(other);
    assertNotEquals(one.port(), other.port());
    program.assertRings(one, 1);
    program.assertRings(other, 2);
  }

  @Test
  void aSecondOneWithoutAPrefixOfItsOwnFailsAndLeavesNothing() throws Exception {
    PushServerVerticle server = new PushServerVerticle(program.json());
    program.deploy(server);
    Set<String> before = program.vertx.deploymentIDs();
    Set<String> open = Sockets.listening();
    ConfigException refused =
        assertInstanceOf(
            ConfigException.class,
            failure(program.vertx.deployVerticle(new PushServerVerticle(program.json()))));
    assertEquals(
        "configuration (JSON) general [bus] prefix: another server uses the addresses pushserver.*"
            + " on this Vert.x; give one of the two another prefix, or a Vert.x of its own",
        refused.problems().get(0).toString());
    assertEquals(before, program.vertx.deploymentIDs());
    assertEquals(open, Sockets.listening());
    program.assertRings(server, 1);
  }

  @Test
  void withoutTheHttpDoorNoPortIsOpen() throws Exception {
    Set<String> before = Sockets.listening();
    PushServerVerticle server = new PushServerVerticle(program.json().put("http", false));
    program.deploy(server);
    assertEquals(-1, server.port());
    assertEquals(-1, server.adminPort());
    assertEquals(before, Sockets.listening());
    program.assertRings("pushserver.push", 1);
  }

  @Test
  void theAdminDoorStaysWhenThereIsNoHttpDoor() throws Exception {
    JsonObject json = program.json().put("http", false);
    json.getJsonObject("general").getJsonObject("server").put("admin_port", 0);
    PushServerVerticle server = new PushServerVerticle(json);
    program.deploy(server);
    assertEquals(-1, server.port());
    assertEquals(200, program.get(server.adminPort(), "/health/live").statusCode());
  }

  @Test
  void withoutTheAdminDoorHealthAndMetricsAreNowhere() throws Exception {
    PushServerVerticle server = new PushServerVerticle(program.json().put("admin", false));
    program.deploy(server);
    assertEquals(-1, server.adminPort());
    assertEquals(404, program.get(server.port(), "/health/live").statusCode());
    assertEquals(404, program.get(server.port(), "/metrics").statusCode());
    program.assertRings(server, 1);
  }

  private List<String> problems(JsonObject config) {
    Throwable cause = failure(program.vertx.deployVerticle(new PushServerVerticle(config)));
    ConfigException refused = assertInstanceOf(ConfigException.class, cause);
    assertEquals(Set.of(), program.vertx.deploymentIDs());
    return refused.problems().stream()
        .filter(problem -> problem.severity() == Problem.Severity.FATAL)
        .map(Problem::toString)
        .toList();
  }

  @Test
  void whatIsWrongWithTheJsonNamesTheField() throws Exception {
    assertEquals(
        List.of(
            "configuration (JSON): it has neither general and applications, nor config_dir; set the"
                + " first two to the settings, or the last to a directory with files"),
        problems(new JsonObject()));
    JsonObject json = program.json().put("aplications", new JsonObject()).put("http", "no");
    json.getJsonObject("general").put("limits", 5);
    json.getJsonObject("general")
        .getJsonObject("server")
        .put("port", new JsonObject())
        .put("host", new JsonArray().addNull());
    String none =
        "it is neither text, a number, true, false, nor an array of these; set it to one of them,"
            + " or leave it out";
    assertEquals(
        List.of(
            "configuration (JSON) aplications: unknown field; did you mean applications?",
            "configuration (JSON) http: it is neither true nor false",
            "configuration (JSON) general [server] host: " + none,
            "configuration (JSON) general [server] port: " + none,
            "configuration (JSON) general [limits]: it is no JSON object; set it to one with the"
                + " keys of the section"),
        problems(json));
  }

  @Test
  void aDirectoryAndSettingsAreOneTooMany() throws Exception {
    assertEquals(
        List.of(
            "configuration (JSON) general: with config_dir, the files in that directory say it;"
                + " remove one",
            "configuration (JSON) applications: with config_dir, the files in that directory say"
                + " it; remove one",
            "configuration (JSON) directory: with config_dir, the files in that directory say it;"
                + " remove one"),
        problems(program.json().put("config_dir", program.config().toString())));
  }

  @Test
  void anApplicationThatIsWrongIsLeftOutAsItIsWithFiles() throws Exception {
    JsonObject json = program.json();
    json.getJsonObject("applications").put("wrong", new JsonObject().put("app_id", true));
    PushServerVerticle server = new PushServerVerticle(json);
    program.deploy(server);
    assertTrue(
        server.problems().stream()
            .allMatch(
                problem ->
                    problem.section().equals("wrong")
                        && problem.file().endsWith("configuration (JSON) applications")),
        server.problems()::toString);
    program.assertRings(server, 1);
  }

  @Test
  void aPortThatIsTakenFailsTheDeploymentAndLeavesNothing() throws Exception {
    HttpServer taken =
        await(
            program
                .vertx
                .createHttpServer()
                .requestHandler(request -> request.response().end("mine"))
                .listen(0, "127.0.0.1"));
    JsonObject json = program.json();
    json.getJsonObject("general").getJsonObject("server").put("port", taken.actualPort());
    assertEquals(1, problems(json).size());
    assertEquals("mine", program.get(taken.actualPort(), "/push").body());
  }

  @Test
  void otherJsonIsAppliedWhileItRuns() throws Exception {
    JsonObject json = program.json();
    JsonObject applications = json.getJsonObject("applications");
    JsonObject phone = (JsonObject) applications.remove("sylk-apple");
    PushServerVerticle server = new PushServerVerticle(json);
    program.deploy(server);
    applications.put("sylk-apple", phone);
    assertTrue(await(server.apply(json)));
    program.assertRings(server, 1);
  }

  @Test
  void aFileThatTheJsonNamesIsWatched() throws Exception {
    PushServerVerticle server = new PushServerVerticle(program.json());
    program.deploy(server);
    program.log.forget();
    Path key = program.config().resolve("credentials/apns.p8");
    Files.writeString(key, Files.readString(key) + "\n");
    program.log.untilLogged("the configuration was read anew and is in use");
    program.assertRings(server, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void itRunsOnAnyNumberOfEventLoops(int loops) throws Exception {
    Vertx first = program.vertx;
    await(first.close());
    program.vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops));
    PushServerVerticle server = new PushServerVerticle(program.json());
    program.deploy(server);
    program.assertRings(server, 1);
  }

  @Test
  void itMayBeDeployedAsAWorker() throws Exception {
    PushServerVerticle server = new PushServerVerticle(program.json());
    String deployment =
        await(
            program.vertx.deployVerticle(
                server, new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER)));
    program.assertRings(server, 1);
    assertTrue(await(server.reload()));
    await(program.vertx.undeploy(deployment));
    assertEquals(Set.of(), program.vertx.deploymentIDs());
  }

  @Test
  void beforeItHasStartedItSaysSo() {
    PushServerVerticle server = new PushServerVerticle(new JsonObject());
    assertEquals("the push server has not started", failure(server.reload()).getMessage());
    assertEquals(-1, server.port());
    assertEquals(-1, server.adminPort());
    assertEquals(List.of(), server.problems());
  }

  @Test
  void itRunsOnTheNativeTransport() throws Exception {
    await(program.vertx.close());
    program.vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    assertTrue(program.vertx.isNativeTransportEnabled());
    PushServerVerticle server = new PushServerVerticle(program.json());
    program.deploy(server);
    program.assertRings(server, 1);
  }
}
