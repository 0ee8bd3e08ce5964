// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.pushserver.fake.Await.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The trail, what phones say, Homer and the console are there for who wants them. */
@Timeout(120)
class OptionalPartsIT {
  @TempDir private Path directory;

  @RegisterExtension
  private final Program program = new Program(() -> directory.resolve("installed"));

  @Test
  void whatIsNotConfiguredIsNotLoadedAndWaitsForTheNextStart() throws Exception {
    Path loaded = directory.resolve("loaded");
    ServerProcess server = program.start("-Xlog:class+load:file=" + loaded);
    assertEquals(200, await(server.push("ab".repeat(32))).statusCode());
    Path general = program.config.resolve("general.ini");
    Files.writeString(
        general,
        Files.readString(general)
                .replace(
                    "trail = no",
                    "trail = yes\nspool = yes\nacks = yes\nhep_url = udp://127.0.0.1:9\n")
            + "\n[tokens]\ntoken_max_age = 30\n");
    server.signal("HUP");
    server.untilLogged("hep_url and its like: Homer is told nothing until the next start");
    server.untilLogged("acks: nothing is taken of what phones say until the next start");
    server.untilLogged("trail, state_dir and their like: no record of pushes is kept until the");
    server.untilLogged("spool, spool_after and state_dir: pushes are not kept on disk until the");
    server.untilLogged("console_user_header: the console stays as it is until the next start");
    server.untilLogged(
        "token_max_age: devices stay however long they are not seen until the next start");
    assertEquals(200, await(server.push("cd".repeat(32))).statusCode());
    server.signal("TERM");
    assertEquals(0, server.exitCode(30));
    List<String> needless =
        Files.readAllLines(loaded).stream()
            .filter(
                line ->
                    line.matches(
                        ".* (org\\.(sqlite|infinispan|jgroups)\\."
                            + "|com\\.(github\\.benmanes|datastax)\\."
                            // What Vert.x's JSON takes from Jackson to bind objects to it.
                            + "|io\\.vertx\\.core\\.json\\.jackson\\.VertxModule\\b"
                            + "|org\\.pushserver\\.(hep|console|cassandra|spool)\\."
                            // Two that the JVM looks at when it checks who uses them.
                            + "|org\\.pushserver\\.cluster\\.(?!(Vertx)?Nodes )"
                            + "|org\\.pushserver\\.trail\\.Trail(Writer|Queue|Schema)\\b"
                            + "|org\\.pushserver\\.dispatch\\.RecentPushes\\b).*"))
            .toList();
    assertEquals(List.of(), needless);
  }

  @Test
  void whatIsNotConfiguredAnyMoreGoesOnUntilTheNextStart() throws Exception {
    Path general = program.config.resolve("general.ini");
    String without = Files.readString(general);
    Files.writeString(
        general,
        without.replace("trail = no", "trail = yes\nacks = yes\nhep_url = udp://127.0.0.1:9\n"));
    ServerProcess server = program.start();
    Files.writeString(general, without);
    server.signal("HUP");
    server.untilLogged("Homer is told as before, at udp://127.0.0.1:9 until the next start");
    server.untilLogged("acks: what phones say is taken as before until the next start");
    server.untilLogged(
        "records of pushes are kept as before, in "
            + directory.resolve("installed/state/trail")
            + " until the next start");
  }
}
