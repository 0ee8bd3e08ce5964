// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.pushserver.fake.Await.await;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.cli.Version;

/** The server as a process of its own, told by signals, against the sandbox. */
@Timeout(60)
class SignalsIT {
  /** Well below the drain time-out. */
  private static final long AT_ONCE_S = 8;

  private static final String SLOW = "51053500".repeat(8);
  private static final String STALLED = "1d1e".repeat(16);
  private static final String DEAD = "dead".repeat(16);

  @TempDir private Path directory;
  @RegisterExtension private final Program program = new Program(() -> directory);
  private ServerProcess server;

  @BeforeEach
  void start() throws Exception {
    server = program.start();
  }

  @Test
  void onSigtermWhatWasAcceptedIsEndedAllElseIsToldToComeAgainAndTheExitCodeIs0() throws Exception {
    CompletableFuture<HttpResponse<String>> accepted = server.push(SLOW);
    server.untilAccepted();
    server.signal("TERM");
    server.untilLogged("SIGTERM: ");
    // The signal needs a moment to come through; a dead token is answered at once.
    int status = 410;
    while (status == 410) {
      status = server.push(DEAD).get(AT_ONCE_S, TimeUnit.SECONDS).statusCode();
    }
    assertEquals(503, status);
    assertFalse(accepted.isDone());
    assertEquals(200, accepted.get(AT_ONCE_S, TimeUnit.SECONDS).statusCode());
    assertEquals(0, server.exitCode(AT_ONCE_S));
  }

  @Test
  void theLogSaysWhichVersionStartsWithWhichConfigurationAndThatItHasStopped() throws Exception {
    server.untilLogged(
        "Pushserver "
            + Pattern.quote(Version.current())
            + " starts with the configuration in "
            + Pattern.quote(program.config.toString()));
    server.signal("TERM");
    assertEquals(0, server.exitCode(AT_ONCE_S));
    server.untilLogged("stopped: all that was accepted has ended");
  }

  @Test
  void aSignalWhileItStartsEndsItInOrderToo() throws Exception {
    ServerProcess starting = ServerProcess.begin(program.config);
    starting.untilLogged("starts with the configuration in");
    starting.signal("TERM");
    assertEquals(0, starting.exitCode(AT_ONCE_S));
    starting.untilLogged("stopped: all that was accepted has ended");
  }

  @Test
  void aSecondSignalEndsAtOnce() throws Exception {
    CompletableFuture<HttpResponse<String>> stalled = server.push(STALLED);
    await(program.sandbox.journal().next(0));
    server.signal("INT");
    server.untilLogged("SIGINT: ending what was accepted");
    server.signal("TERM");
    assertEquals(143, server.exitCode(AT_ONCE_S));
    assertThrows(ExecutionException.class, () -> stalled.get(AT_ONCE_S, TimeUnit.SECONDS));
    // Lines that were logged last are not lost.
    server.untilLogged("SIGTERM: ending at once");
  }

  @Test
  void sighupAppliesWhatHasChangedAndEndsNothing() throws Exception {
    server.signal("HUP");
    server.untilLogged("SIGHUP: reading the configuration anew");
    server.untilLogged("read anew and is in use: no file has changed");
    assertEquals(410, server.push(DEAD).get(AT_ONCE_S, TimeUnit.SECONDS).statusCode());
    Path applications = program.config.resolve("applications.ini");
    String before = Files.readString(applications);
    Files.writeString(applications, before.replace("com.example.phone", "com.example.other"));
    server.signal("HUP");
    server.untilLogged("read anew and is in use: it has changed");
    assertEquals(404, server.push(DEAD).get(AT_ONCE_S, TimeUnit.SECONDS).statusCode());
  }
}
