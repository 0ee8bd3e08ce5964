// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pbx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.Await;
import org.pushserver.fake.Programs;

/**
 * The lines for a PBX that the page on stored tokens has, run by the PBX: they ask for the push of
 * the right account, whatever a caller is called, and hear that nobody can be woken.
 */
class TokensPageIT {
  private static final Path PAGE = Path.of("src/docs/tokens.md");
  private static final String SERVER = "http://127.0.0.1:8400";
  private static final String NAME = "\"Al\\\"ice $(x) {y} &\"";
  private static final int TRY_MS = 500;

  @TempDir Path directory;

  /** What was asked for: path and body. */
  private record Asked(String path, JsonObject body) {}

  private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
  private final Vertx vertx = Vertx.vertx();
  private Process process;
  private int server;
  private int port;

  @BeforeEach
  void start() throws IOException {
    HttpServer http =
        await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request ->
                        request
                            .body()
                            .onSuccess(
                                body -> {
                                  asked.add(new Asked(request.path(), body.toJsonObject()));
                                  boolean known = request.path().contains("bob");
                                  var unused =
                                      request
                                          .response()
                                          .setStatusCode(known ? 200 : 404)
                                          .putHeader("content-type", "application/json")
                                          .end("{}");
                                }))
                .listen(0, "127.0.0.1"));
    server = http.actualPort();
    port = Pbx.freePort();
  }

  @AfterEach
  void stop() {
    if (process != null) {
      Programs.end(process);
    }
    await(vertx.close());
  }

  /** All blocks of the page that are for this file. */
  private String lines(String file) throws IOException {
    StringBuilder lines = new StringBuilder();
    boolean isIn = false;
    for (String line : Files.readAllLines(PAGE)) {
      isIn = line.equals("    # " + file) || (isIn && (line.isBlank() || line.startsWith("    ")));
      if (isIn) {
        lines.append(line).append('\n');
      }
    }
    assertTrue(lines.toString().contains(SERVER), lines::toString);
    return lines.toString().replace(SERVER, "http://127.0.0.1:" + server);
  }

  private void run(Path config, List<String> command) throws IOException {
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(config.resolveSibling("pbx.log").toFile())
            .start();
  }

  private static byte[] invite(String user, String name, String callId) {
    return String.join(
            "\r\n",
            "INVITE sip:" + user + "@example.com SIP/2.0",
            "Via: SIP/2.0/UDP 127.0.0.1:5999;branch=z9hG4bK"
                + Integer.toHexString(callId.hashCode())
                + ";rport",
            "Max-Forwards: 70",
            "From: " + name + " <sip:alice@example.com>;tag=1",
            "To: <sip:" + user + "@example.com>",
            "Call-ID: " + callId,
            "CSeq: 1 INVITE",
            "Contact: <sip:alice@127.0.0.1>",
            "Content-Length: 0",
            "",
            "")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Calls until the PBX answers, which it does once it has started: the first final status. */
  private int call(String user, String callId) throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    byte[] invite = invite(user, NAME, callId);
    byte[] answer = new byte[4096];
    try (DatagramSocket socket = new DatagramSocket(0, here)) {
      socket.setSoTimeout(TRY_MS);
      long end = System.nanoTime() + Await.PATIENCE.toNanos();
      boolean isHeard = false;
      while (System.nanoTime() < end) {
        if (!isHeard) {
          socket.send(new DatagramPacket(invite, invite.length, here, port));
        }
        try {
          DatagramPacket packet = new DatagramPacket(answer, answer.length);
          socket.receive(packet);
          isHeard = true;
          String line = new String(answer, 0, packet.getLength(), StandardCharsets.UTF_8);
          int status = Integer.parseInt(line.substring(8, 11));
          if (status >= 200) {
            return status;
          }
        } catch (SocketTimeoutException e) {
          assertTrue(process.isAlive(), "the PBX runs");
        }
      }
    }
    throw new AssertionError("no answer");
  }

  private void check() throws Exception {
    assertEquals(480, call("nobody", "nobody\"1"), "nobody can be woken");
    Asked first = asked.poll(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertEquals("/v2/tokens/nobody@example.com/push", first.path());
    assertEquals(486, call("bob", "bob\"1"));
    Asked second = asked.poll(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertEquals("/v2/tokens/bob@example.com/push", second.path());
    JsonObject body = second.body();
    assertEquals("bob\"1", body.getString("call_id"));
    assertEquals("sip:alice@example.com", body.getString("from"));
    assertEquals("sip:bob@example.com", body.getString("to"));
    assertEquals("incoming_session", body.getString("event"));
    assertEquals("audio", body.getString("media_type"));
    assertTrue(body.getString("from_display_name").contains("ice $(x) {y} &"), body::encode);
    assertEquals(List.of(), List.copyOf(asked), "each is asked for once");
  }

  @Test
  void kamailioWakesThePhonesOfAnAccount() throws Exception {
    Path modules = Path.of("/usr/lib/x86_64-linux-gnu/kamailio/modules");
    assumeTrue(
        Programs.areHere("kamailio")
            && Files.exists(modules.resolve("http_client.so"))
            && Files.exists(modules.resolve("jansson.so")),
        "no Kamailio on this machine, or not these modules of it");
    Path config = directory.resolve("kamailio.cfg");
    Files.writeString(
        config,
        "#!KAMAILIO\nlog_stderror=yes\nmpath=\""
            + modules
            + "/\"\nasync_workers=2\n"
            + "loadmodule \"tm.so\"\nloadmodule \"sl.so\"\nloadmodule \"pv.so\"\n"
            + "loadmodule \"async.so\"\n"
            + lines("kamailio.cfg")
            + "request_route {\n  if (method == \"INVITE\") async_task_route(\"WAKE\");\n}\n"
            + "route[WOKEN] {\n  t_reply(\"486\", \"Busy\");\n}\n");
    run(config, Kamailio.command(config, port, Files.createTempDirectory("kam")));
    check();
  }

  @Test
  void openSipsWakesThePhonesOfAnAccount() throws Exception {
    assumeTrue(
        Programs.areHere("opensips")
            && OpenSips.modules().filter(at -> Files.exists(at.resolve("json.so"))).isPresent(),
        "no OpenSIPS on this machine, or not its module json");
    Path config = directory.resolve("opensips.cfg");
    Files.writeString(
        config,
        "log_level = 3\nstderror_enabled = yes\nsyslog_enabled = no\nudp_workers = 2\n"
            + "socket = udp:127.0.0.1:"
            + port
            + "\nmpath = \""
            + OpenSips.modules().orElseThrow()
            + "/\"\n"
            + "loadmodule \"signaling.so\"\nloadmodule \"sl.so\"\nloadmodule \"tm.so\"\n"
            + "loadmodule \"sipmsgops.so\"\nloadmodule \"proto_udp.so\"\n"
            + "loadmodule \"cachedb_local.so\"\n"
            // Where OpenSIPS has been built without a driver for Cassandra: the same calls.
            + lines("opensips.cfg")
                .replace("cachedb_cassandra", "cachedb_local")
                .replace(
                    "cassandra:mobile://10.0.0.10:9042/KEYSPACE.mobile_devices", "local:mobile://")
                .replaceAll("modparam\\(\"cachedb_local\", \"query_timeout\".*", "")
                .replace("loadmodule \"cachedb_local.so\"", "")
                .replace("cassandra:mobile", "local:mobile")
            + "startup_route {\n"
            + "  cache_store(\"local:mobile\", \"bob@example.com\", \"1\");\n"
            + "  cache_store(\"local:mobile\", \"nobody@example.com\", \"1\");\n}\n"
            + "route {\n  if (is_method(\"INVITE\")) route(mobile);\n}\n"
            + "route[awake] {\n  t_reply(486, \"Busy\");\n}\n");
    run(config, OpenSips.command(config));
    check();
  }
}
