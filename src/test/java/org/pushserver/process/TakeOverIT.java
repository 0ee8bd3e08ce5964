// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.Await;

/** One server takes the place of another, and no caller notices. */
@Timeout(120)
class TakeOverIT {
  private static final int END_S = 30;
  private static final int CALLERS = 4;

  @TempDir private Path directory;
  @RegisterExtension private final Program program = new Program(() -> directory);
  private ServerProcess before;

  @BeforeEach
  void start() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path general = program.config.resolve("general.ini");
    Files.writeString(
        general, Files.readString(general).replaceFirst("(?m)^port = .*$", "port = " + port));
    before = program.start();
  }

  /** A caller who asks again and again, on a connection of his own each time, as curl does. */
  private final class Caller {
    private final Thread thread = new Thread(this::ask, "caller");
    private final List<String> asked = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private final int number;
    private volatile boolean enough;

    Caller(int number) {
      this.number = number;
      thread.start();
    }

    private void ask() {
      while (!enough) {
        String token = String.format(Locale.ROOT, "%032x%032x", number + 1, asked.size());
        asked.add(token);
        String answer = twice(token);
        if (!answer.startsWith("HTTP/1.1 200 ")) {
          wrong.add(answer);
        }
      }
    }

    /** A connection that the kernel gave to a server in its last moment is reset: once more. */
    private String twice(String token) {
      try {
        return once(token);
      } catch (IOException first) {
        try {
          return once(token);
        } catch (IOException e) {
          return e.toString();
        }
      }
    }

    private String once(String token) throws IOException {
      byte[] body =
          new JsonObject()
              .put("app-id", "com.example.phone")
              .put("platform", "apple")
              .put("token", token)
              .put("call-id", token)
              .put("from", "sip:alice@example.com")
              .put("to", "sip:bob@example.com")
              .put("event", "incoming_session")
              .put("media-type", "audio")
              .encode()
              .getBytes(StandardCharsets.UTF_8);
      String head =
          "POST /push HTTP/1.1\r\nHost: pbx\r\nConnection: close\r\nContent-Length: "
              + body.length
              + "\r\n\r\n";
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), before.port())) {
        OutputStream out = socket.getOutputStream();
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        String line =
            new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                .readLine();
        if (line == null) {
          throw new IOException("no answer");
        }
        return line;
      }
    }

    List<String> end() throws InterruptedException {
      enough = true;
      thread.join();
      return asked;
    }
  }

  @Test
  void everyCallerIsAnsweredAndEveryPhoneRingsOnceWhileOneServerTakesTheOthersPlace()
      throws Exception {
    String slow = "51052000" + "ab".repeat(28);
    CompletableFuture<?> waiting = before.push(slow).thenApply(answer -> answer.statusCode());
    before.untilAccepted();
    List<Caller> callers = new ArrayList<>();
    for (int number = 0; number < CALLERS; number++) {
      callers.add(new Caller(number));
    }
    ServerProcess after = program.startInPlaceOf(before);
    assertEquals(before.port(), after.port());
    assertEquals(0, before.exitCode(END_S));
    before.untilLogged("SIGUSR2: another server takes over");
    before.untilLogged("stopped: all that was accepted has ended");
    assertEquals(200, waiting.get(END_S, TimeUnit.SECONDS), "who waited there was answered");
    after.untilLogged("outcome ");

    Set<String> asked = new HashSet<>();
    for (Caller caller : callers) {
      asked.addAll(caller.end());
      assertEquals(List.of(), caller.wrong);
    }
    asked.add(slow);
    List<String> rung =
        program.sandbox.journal().list().stream()
            .map(one -> one.path().replace("/3/device/", ""))
            .toList();
    assertTrue(rung.size() > CALLERS, "they did ask");
    assertEquals(asked, Set.copyOf(rung));
    assertEquals(asked.size(), rung.size(), "none twice");
  }

  @Test
  void withoutThatASecondServerDoesNotStart() throws Exception {
    Process second = run();
    assertEquals(1, second.waitFor());
    assertEquals(410, before.push("dead".repeat(16)).get(END_S, TimeUnit.SECONDS).statusCode());
  }

  @Test
  void onlyAServerIsToldToEnd() throws Exception {
    Process other = new ProcessBuilder("sleep", "60").start();
    try {
      Process second = run("--take-over-from", Long.toString(other.pid()));
      String said = new String(second.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(1, second.waitFor());
      assertTrue(said.contains("--take-over-from"), said);
      assertTrue(said.contains("is no server"), said);
      assertTrue(other.isAlive());
    } finally {
      other.destroy();
    }
    other.onExit().get(END_S, TimeUnit.SECONDS);
    Process second = run("--take-over-from", Long.toString(other.pid()));
    String said = new String(second.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(1, second.waitFor());
    assertTrue(said.contains("there is no process"), said);
    assertFalse(said.contains("Exception"), said);
    Await.await(program.sandbox.close());
  }

  private Process run(String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                ServerProcess.classPath(),
                "org.pushserver.Main",
                "--config-dir",
                program.config.toString()));
    command.addAll(List.of(options));
    return new ProcessBuilder(command).start();
  }
}
