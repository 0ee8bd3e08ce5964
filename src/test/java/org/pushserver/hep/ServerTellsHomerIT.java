// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.hep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.hep.HepReader.Chunks;
import org.pushserver.observe.ObservedServer;

/** A server whose general.ini says where Homer is. */
@Timeout(120)
class ServerTellsHomerIT {
  @TempDir private Path directory;

  @Test
  void aCallIsToldWithItsAttemptAndItsEnd() throws Exception {
    try (HepReader reader = new HepReader();
        ObservedServer observed =
            new ObservedServer(
                directory, "hep_url = udp://127.0.0.1:" + reader.port(), "hep_node = push-1")) {
      assertEquals(200, observed.ring("token-1234567890", "a84b4c@pbx").statusCode());
      Chunks attempt = reader.next();
      assertTrue(attempt.text(15).startsWith("attempt call-id=a84b4c@pbx "), attempt.text(15));
      assertEquals("a84b4c@pbx", attempt.text(17));
      assertEquals("push-1", attempt.text(19));
      assertEquals("127.0.0.1", attempt.address(4), "the sandbox");
      Chunks end = reader.next();
      assertTrue(end.text(15).contains(" result=DELIVERED status=200 "), end.text(15));
      assertTrue(
          observed
              .get(observed.port(), "/metrics")
              .body()
              .contains("pushserver_log_lines_dropped_total{sink=\"homer\"}"));
    }
  }
}
