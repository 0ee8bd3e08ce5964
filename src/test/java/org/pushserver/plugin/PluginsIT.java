// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.Main;
import org.pushserver.RunningServer;
import picocli.CommandLine;

/** A whole server with the samples of conf/, and with plugins that are no good. */
@Timeout(60)
class PluginsIT {
  private static final String REQUEST =
      "{\"app-id\": \"%s\", \"platform\": \"mypns\", \"token\": \"abc\","
          + " \"event\": \"incoming_session\", \"call-id\": \"1@pbx\", \"media-type\": \"audio\","
          + " \"from\": \"sip:alice@example.com\", \"to\": \"sip:bob@example.com\","
          + " \"front_door\": {\"no\": 1}, \"door\": \"front\"}";

  private static final String THROWS =
      """
      import java.util.Optional;
      import org.pushserver.spi.PayloadMaker;
      import org.pushserver.sylk.SylkApplication;

      public class Broken extends SylkApplication {
        @Override public String name() { return "broken"; }
        @Override public Optional<PayloadMaker> payloadMaker(String platform) {
          return Optional.of((push, now) -> { throw new NoClassDefFoundError("a/library"); });
        }
      }
      """;

  @TempDir Path dir;

  private final Vertx vertx = Vertx.vertx();

  /** Held: one that nobody holds is closed when its memory is wanted. */
  private final HttpClient client = vertx.createHttpClient();

  private final BlockingQueue<JsonObject> received = new LinkedBlockingQueue<>();
  private HttpServer gateway;

  @BeforeEach
  void startGateway() throws Exception {
    gateway = vertx.createHttpServer();
    gateway.requestHandler(
        request ->
            request
                .body()
                .onSuccess(
                    body -> {
                      received.add(body.toJsonObject());
                      request.response().end("{\"queued\": true}");
                    }));
    await(gateway.listen(0, "127.0.0.1"));
  }

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
  }

  private void configure() throws Exception {
    Path conf = Path.of("conf").toAbsolutePath();
    Path applications = Files.createDirectory(dir.resolve("applications"));
    Files.copy(
        conf.resolve("applications").resolve("MyApp.java"), applications.resolve("MyApp.java"));
    Files.writeString(applications.resolve("Broken.java"), THROWS);
    Files.writeString(applications.resolve("Half.java"), "public class Half {");
    Files.writeString(
        dir.resolve("general.ini"),
        "[server]\nport = 0\n[applications]\nextra_pns_dir = " + conf.resolve("pns") + "\n");
    String url = "url = http://127.0.0.1:" + gateway.actualPort() + "/push\n";
    String template = conf.resolve("templates").resolve("doorbell-mypns.json").toString();
    Files.writeString(
        dir.resolve("applications.ini"),
        section("door", "template", url + "payload_template = " + template)
            + section("broken", "broken", url)
            + section("half", "half", url)
            + section("nowhere", "broken", ""));
  }

  private static String section(String name, String type, String more) {
    return "[%s]\napp_id = %s\napp_type = %s\napp_platform = mypns\n%s\n"
        .formatted(name, name, type, more);
  }

  private JsonObject push(RunningServer server, String appId) throws Exception {
    return await(
        client
            .request(HttpMethod.POST, server.port(), "127.0.0.1", "/push")
            .compose(
                request ->
                    request.send(REQUEST.formatted(appId)).compose(response -> response.body()))
            .map(body -> body.toJsonObject()));
  }

  @Test
  void aPushGoesThroughATemplateToAUrlWhateverOtherPluginsDo() throws Exception {
    configure();
    RunningServer server = await(RunningServer.start(vertx, dir));
    JsonObject broken = push(server, "broken");
    assertEquals(500, broken.getInteger("code"), broken::encode);
    assertTrue(
        broken.getJsonObject("data").getString("reason").contains("a class cannot be used"),
        broken::encode);
    assertEquals(503, push(server, "half").getInteger("code"));

    JsonObject answer = push(server, "door");
    assertEquals(200, answer.getInteger("code"), answer::encode);
    assertEquals(
        new JsonObject().put("queued", true), answer.getJsonObject("data").getJsonObject("body"));
    JsonObject told = received.take();
    assertEquals("front", told.getString("door"));
    assertEquals("sip:alice@example.com", told.getJsonObject("from").getString("name"));
    assertEquals(60, told.getInteger("seconds"));
    await(server.stop());
  }

  @Test
  void checkConfigTellsWhatIsWrongWithPlugins() throws Exception {
    configure();
    StringWriter out = new StringWriter();
    int code =
        new CommandLine(new Main())
            .setOut(new PrintWriter(out, true))
            .execute("check-config", "--config-dir", dir.toString());
    assertEquals(1, code);
    String report = out.toString().replace(dir + "/", "");
    assertTrue(report.contains("applications: 2\n  [door] door on mypns, type template"), report);
    assertTrue(
        report.contains(
            "error: applications.ini [half] app_type: 'half' is not known; known are: sylk,"
                + " linphone, template, broken, myapp; applications/Half.java: does not compile:"
                + " line 1: reached end of file while parsing\n"),
        report);
    assertTrue(
        report.contains(
            "error: applications.ini [nowhere] url: is missing; say where notifications are to be"
                + " posted\n"),
        report);
    assertTrue(
        report.contains(
            "warning: applications/Half.java: does not compile: line 1: reached end of file while"
                + " parsing\n"),
        report);
  }
}
