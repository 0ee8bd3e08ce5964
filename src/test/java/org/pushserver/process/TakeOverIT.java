// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.Command;
import org.pushserver.fake.RunningCommand;
import org.pushserver.sandbox.Notification;

/** One server takes the place of another, and no caller notices. */
@Timeout(120)
class TakeOverIT {
  private static final int END_S = 30;
  private static final int CALLERS = 4;
  private static final int HEARD_EVERY = 100;
  private static final int LOOKED_INTO = 100;

  @TempDir private Path directory;
  @RegisterExtension private final Program program = new Program(() -> directory);
  private final List<Caller> callers = new ArrayList<>();
  private final Set<String> rung = new HashSet<>();
  private final List<String> rungTwice = new ArrayList<>();
  private long heard;
  private ServerProcess before;

  @AfterEach
  void end() {
    callers.forEach(Caller::leave);
  }

  /** Takes from the sandbox which phones have rung, before it forgets the first of very many. */
  private synchronized void hear() {
    for (Notification one : program.sandbox.journal().list(heard)) {
      String phone = one.path().replace("/3/device/", "");
      if (!rung.add(phone)) {
        rungTwice.add(phone);
      }
      heard = one.seq();
    }
  }

  /** A caller who asks again and again, on a connection of his own each time, as curl does. */
  private final class Caller {
    private final Thread thread = new Thread(this::ask, "caller");
    private final Set<String> asked = new HashSet<>();
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
          enough = true;
        }
        if (asked.size() % HEARD_EVERY == 0) {
          hear();
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
          return e + ", and before " + first;
        }
      }
    }

    private String once(String token) throws IOException {
      String body =
          new JsonObject()
              .put("app-id", "com.example.phone")
              .put("platform", "apple")
              .put("token", token)
              .put("call-id", token)
              .put("from", "sip:alice@example.com")
              .put("to", "sip:bob@example.com")
              .put("event", "incoming_session")
              .put("media-type", "audio")
              .encode();
      byte[] request =
          ("POST /push HTTP/1.1\r\nHost: pbx\r\nConnection: close\r\nContent-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body)
              .getBytes(StandardCharsets.US_ASCII);
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), before.port())) {
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(END_S));
        socket.getOutputStream().write(request);
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

    /** Asks no more. What it has asked and got is read after that. */
    void leave() {
      enough = true;
      try {
        thread.join(TimeUnit.SECONDS.toMillis(3 * END_S));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void everyCallerIsAnsweredAndEveryPhoneRingsOnceWhileOneServerTakesTheOthersPlace()
      throws Exception {
    before = program.start();
    String slow = "51052000" + "ab".repeat(28);
    CompletableFuture<?> waiting = before.push(slow).thenApply(answer -> answer.statusCode());
    before.untilAccepted();
    for (int number = 0; number < CALLERS; number++) {
      callers.add(new Caller(number));
    }
    ServerProcess after = startInItsPlace();
    assertEquals(before.port(), after.port());
    assertEquals(0, before.exitCode(END_S));
    before.untilLogged("SIGUSR1: another server takes over");
    before.untilLogged("stopped: all that was accepted has ended");
    assertEquals(200, waiting.get(END_S, TimeUnit.SECONDS), "who waited there was answered");
    after.untilLogged("outcome ");

    Set<String> asked = new HashSet<>(Set.of(slow));
    for (Caller caller : callers) {
      caller.leave();
      assertEquals(List.of(), caller.wrong, "every caller is answered when he asks twice");
      asked.addAll(caller.asked);
    }
    hear();
    assertTrue(rung.size() > CALLERS, "they did ask");
    asked.removeAll(rung);
    assertEquals(Set.of(), asked, "asked for, and not rung");
    assertEquals(List.of(), rungTwice);
  }

  private ServerProcess startInItsPlace() throws Exception {
    return program.startInPlaceOf(before, "--port", Integer.toString(before.port()));
  }

  @Test
  void withoutThatASecondServerDoesNotStart() throws Exception {
    before = program.start();
    Command.Ended second = run("--port", Integer.toString(before.port()));
    assertEquals(1, second.code(), second.said());
    assertEquals(410, before.push("dead".repeat(16)).get(END_S, TimeUnit.SECONDS).statusCode());
  }

  /** It holds threads by a signal some hundred times a second while it looks at what they do. */
  @Test
  void aServerThatFlightRecorderLooksIntoGoesOn() throws Exception {
    before =
        program.start(
            "-XX:StartFlightRecording:settings=profile,dumponexit=false",
            "-XX:FlightRecorderOptions:repository=" + directory);
    for (int push = 0; push < LOOKED_INTO; push++) {
      String token = String.format(Locale.ROOT, "%064x", push + 1);
      assertEquals(200, before.push(token).get(END_S, TimeUnit.SECONDS).statusCode());
    }
    before.signal("TERM");
    assertEquals(0, before.exitCode(END_S));
    assertFalse(before.log().contains("takes over"), before::log);
  }

  @Test
  void onlyAServerIsToldToEnd() throws Exception {
    long other;
    try (RunningCommand sleeper = Command.of("sleep", "60").start()) {
      other = sleeper.process().pid();
      Command.Ended second = run("--take-over-from", Long.toString(other));
      assertEquals(1, second.code(), second.said());
      assertTrue(second.said().contains("--take-over-from"), second.said());
      assertTrue(second.said().contains("is no server"), second.said());
      assertTrue(sleeper.process().isAlive());
      String unused = sleeper.end();
    }
    Command.Ended second = run("--take-over-from", Long.toString(other));
    assertEquals(1, second.code(), second.said());
    assertTrue(second.said().contains("there is no process"), second.said());
    assertFalse(second.said().contains("Exception"), second.said());
  }

  private Command.Ended run(String... options) throws Exception {
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
    return Command.of(command).run();
  }
}
