// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.Command;

/** The commands of Sylk Pushserver, as the package {@code pushserver-sylk} has them. */
class SylkCommandsIT {
  private static final Path COMMANDS = Path.of("src/deb/pushserver-sylk/bin").toAbsolutePath();

  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private volatile int status = 200;
  private int port;
  @TempDir private Path directory;

  @BeforeEach
  void opens() throws IOException {
    HttpServer server =
        await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request ->
                        request
                            .body()
                            .onSuccess(
                                body -> {
                                  asked.add(request.method() + " " + request.uri() + " " + body);
                                  request.response().setStatusCode(status).end("{\"code\":1}");
                                }))
                .listen(0, "127.0.0.1"));
    port = server.actualPort();
    for (String name : List.of("pushserver", "pushclient")) {
      Path stub = directory.resolve(name);
      Files.writeString(stub, "#!/bin/sh\nprintf '%s' \"" + name + "\"; printf ' <%s>' \"$@\"\n");
      Files.setPosixFilePermissions(stub, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @AfterEach
  void closes() {
    await(vertx.close());
  }

  private Command.Ended run(String name, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(COMMANDS.resolve(name).toString()));
    command.addAll(List.of(arguments));
    Command.Ended ended =
        Command.of(command).with(Map.of("PATH", directory + ":" + System.getenv("PATH"))).run();
    return new Command.Ended(ended.code(), ended.said().strip());
  }

  private Command.Ended client(String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("--url", "http://127.0.0.1:" + port));
    all.addAll(List.of(arguments));
    return run("sylk-pushclient-v2", all.toArray(String[]::new));
  }

  /** That this was asked; gives the body. */
  private JsonObject asked(String start) throws InterruptedException {
    String request = asked.poll(30, TimeUnit.SECONDS);
    assertTrue(request != null && request.startsWith(start + " "), request);
    return new JsonObject(request.substring(start.length() + 1));
  }

  @Test
  void theServerTakesTheOldOptionsAndSaysWhatToDoInsteadOfOthers() throws Exception {
    Command.Ended ended =
        run("sylk-pushserver", "--no-fork", "--config_dir", "/srv/a b", "--port=8401", "--debug");
    assertEquals(
        "pushserver <--no-fork> <--config_dir> </srv/a b> <--port=8401> <--debug>", ended.said());
    Command.Ended forking = run("sylk-pushserver");
    assertTrue(
        forking.said().startsWith("sylk-pushserver: it stays in the foreground"), forking.said());
    for (String wrong : List.of("--nofork", "start", "--config_dir")) {
      Command.Ended refused = run("sylk-pushserver", wrong);
      assertEquals(2, refused.code(), refused.said());
      assertTrue(refused.said().contains(wrong), refused.said());
    }
  }

  @Test
  void theClientOfTheFirstVersionIsPushclient() throws Exception {
    assertEquals("pushclient <--token> <a b>", run("sylk-pushclient", "--token", "a b").said());
  }

  @Test
  void aPushRingsAllDevicesOrOne() throws Exception {
    Command.Ended ended =
        client(
            "--account",
            "bob@example.com",
            "push",
            "--callid",
            "c1",
            "--from",
            "sip:\"Al\\ice\"",
            "--to=sip:bob");
    assertEquals(0, ended.code(), ended.said());
    String url =
        "http://127.0.0.1:"
            + port
            + "/v2/tokens/%62%6f%62%40%65%78%61%6d%70%6c%65%2e%63%6f%6d/push";
    assertEquals("Push request to " + url + " - 200: {\"code\":1}", ended.said());
    JsonObject body = asked("POST " + url.substring(url.indexOf("/v2")));
    assertEquals(
        new JsonObject()
            .put("call-id", "c1")
            .put("from", "sip:\"Al\\ice\"")
            .put("to", "sip:bob")
            .put("media-type", "audio")
            .put("event", "incoming_session")
            .put("badge", 1),
        body);

    assertEquals(
        0,
        client(
                "--account=b",
                "push",
                "--callid",
                "c",
                "--from",
                "a",
                "--to",
                "b",
                "--deviceid",
                "é/1",
                "--badge",
                "7")
            .code());
    assertEquals(7, asked("POST /v2/tokens/%62/push/%c3%a9%2f%31").getInteger("badge"));
  }

  @Test
  void devicesAreAddedAndRemoved() throws Exception {
    Command.Ended added =
        client(
            "--account",
            "b",
            "add",
            "--appid",
            "app",
            "--token",
            "t",
            "--deviceid",
            "d",
            "--platform",
            "apple",
            "--user_agent",
            "Voice 3");
    assertTrue(added.said().startsWith("Add request to "), added.said());
    assertEquals(
        new JsonObject()
            .put("app-id", "app")
            .put("token", "t")
            .put("device-id", "d")
            .put("platform", "apple")
            .put("user-agent", "Voice 3")
            .put("silent", "1"),
        asked("POST /v2/tokens/%62"));
    Command.Ended removed = client("--account", "b", "remove", "--appid", "app", "--deviceid", "d");
    assertTrue(removed.said().startsWith("Remove request to "), removed.said());
    assertEquals(
        new JsonObject().put("app-id", "app").put("device-id", "d"),
        asked("DELETE /v2/tokens/%62"));
  }

  @Test
  void exitCodesAreTheOldOnes() throws Exception {
    for (int good : List.of(200, 202, 410)) {
      status = good;
      assertEquals(0, client("--account", "b", "remove", "--appid", "a", "--deviceid", "d").code());
    }
    for (int bad : List.of(400, 404, 503)) {
      status = bad;
      assertEquals(1, client("--account", "b", "remove", "--appid", "a", "--deviceid", "d").code());
    }
    assertEquals(
        1,
        run(
                "sylk-pushclient-v2",
                "--url",
                "http://127.0.0.1:1",
                "--account",
                "b",
                "remove",
                "--appid",
                "a",
                "--deviceid",
                "d")
            .code());
    for (List<String> wrong :
        List.of(
            List.of("push"),
            List.of("--account", "b"),
            List.of("--account", "b", "rm"),
            List.of("--account", "b", "push", "--callid", "c", "--from", "a"),
            List.of("--account", "b", "push", "--callid"),
            List.of(
                "--account",
                "b",
                "push",
                "--callid",
                "c",
                "--from",
                "a",
                "--to",
                "b",
                "--badge",
                "x"),
            List.of("--account", "b", "add", "--badge", "1"))) {
      Command.Ended ended = client(wrong.toArray(String[]::new));
      assertEquals(2, ended.code(), ended.said());
      assertTrue(ended.said().endsWith("Help: sylk-pushclient-v2 --help"), ended.said());
    }
  }
}
