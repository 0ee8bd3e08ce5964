// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.FakeServiceManager;
import org.pushserver.sandbox.SandboxApp;

/** The server as a service that systemd has started: what it tells of its life. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class ServiceManagerIT {
  private static final long END_S = 30;
  private static final String SLOW = "51055000".repeat(8);
  private static final int APPLICATIONS = SandboxApp.DEFAULTS.size();

  @TempDir private Path directory;
  @RegisterExtension private final Program program = new Program(() -> directory);
  private String name;
  private FakeServiceManager systemd;

  @BeforeEach
  void listen() throws Exception {
    name = directory.resolve("notify").toString();
    systemd = FakeServiceManager.listen(name);
  }

  @AfterEach
  void close() throws Exception {
    systemd.close();
  }

  @Test
  void fromTheFirstRequestItServesToTheLastItTellsHowItIs() throws Exception {
    ServerProcess server =
        program.startWith(Map.of("NOTIFY_SOCKET", name, "WATCHDOG_USEC", "200000"));
    assertEquals(
        "READY=1\nSTATUS="
            + APPLICATIONS
            + " of "
            + APPLICATIONS
            + " applications can send, pushes under way: 0",
        systemd.next("READY=1"));
    systemd.next("WATCHDOG=1");

    server.signal("HUP");
    systemd.next("RELOADING=1");
    systemd.next("READY=1");
    server.untilLogged("read anew and is in use");
    Files.writeString(program.config.resolve("general.ini"), "[server]\nport = none\n");
    server.signal("HUP");
    systemd.next("RELOADING=1");
    systemd.next("READY=1");
    server.untilLogged("the configuration cannot be used");

    CompletableFuture<HttpResponse<String>> waiting = server.push(SLOW);
    server.untilAccepted();
    server.signal("TERM");
    String stopping = systemd.next("STOPPING=1");
    assertTrue(stopping.matches("STOPPING=1\nEXTEND_TIMEOUT_USEC=[0-9]{8}"), stopping);
    assertEquals("STATUS=stopping; pushes under way: 1", systemd.next("STATUS=stopping"));
    systemd.next("WATCHDOG=1");
    assertEquals(200, await(waiting).statusCode());
    assertEquals(0, server.exitCode(END_S));
  }

  @Test
  void whoGivesItsPlaceToAnotherSaysThatItStops() throws Exception {
    ServerProcess server = program.startWith(Map.of("NOTIFY_SOCKET", name));
    systemd.next("READY=1");
    server.signal("USR1");
    systemd.next("STOPPING=1");
    assertEquals(0, server.exitCode(END_S));
  }

  @Test
  void whereNobodyWantsToBeToldNothingOfItIsLoaded() throws Exception {
    Path loaded = directory.resolve("loaded");
    ServerProcess server = program.start("-Xlog:class+load:file=" + loaded);
    server.signal("HUP");
    server.untilLogged("read anew and is in use");
    server.signal("TERM");
    assertEquals(0, server.exitCode(END_S));
    List<String> ofIt =
        Files.readAllLines(loaded).stream()
            .filter(line -> line.contains("org.pushserver.systemd."))
            .filter(line -> !line.contains(".ServiceManager"))
            .toList();
    assertEquals(List.of(), ofIt);
    assertFalse(systemd.told().iterator().hasNext());
  }
}
