// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.pushserver.fake.Await.await;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Servers, each a process, find each other, and notice when one dies. */
@Timeout(180)
class ClusterIT {
  @TempDir private Path directory;

  @RegisterExtension private final ClusterFixture cluster = new ClusterFixture(() -> directory);

  @Test
  void serversFindEachOtherAndNoticeWhenOneDies() throws Exception {
    ServerProcess first = cluster.start(1);
    ServerProcess second = cluster.start(2);
    first.untilLogged("n2 is there, with Pushserver .*; members: n1, n2$");
    second.untilLogged("members: n1, n2$");
    assertEquals(200, await(first.push("ab".repeat(32))).statusCode());
    first.kill();
    second.untilLogged("n1 has gone; members: n2$");
    assertEquals(200, await(second.push("cd".repeat(32))).statusCode());
    second.signal("TERM");
    assertEquals(0, second.exitCode(60));
  }
}
