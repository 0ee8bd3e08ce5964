// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.Await;

/** The door for the operator's tools alone. */
class AdminVerticleIT {
  private static final byte[] MANY =
      "GET /metrics HTTP/1.1\r\nHost: admin\r\n\r\n".repeat(50).getBytes(StandardCharsets.US_ASCII);

  @TempDir Path directory;

  /** It would fill the memory with answers, or with requests that wait for their turn. */
  @Test
  @Timeout(60)
  void whoeverAsksAheadAndReadsNothingLosesItsConnection() throws Exception {
    try (ObservedServer observed = new ObservedServer(directory, "");
        Socket deaf = new Socket()) {
      int port = observed.server.adminPort();
      deaf.setReceiveBufferSize(1);
      deaf.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      // On a thread of its own: nobody interrupts who writes, and closing the socket ends it.
      assertTimeoutPreemptively(
          Await.PATIENCE,
          () ->
              assertThrows(
                  IOException.class,
                  () -> {
                    while (true) {
                      deaf.getOutputStream().write(MANY);
                    }
                  }));
      assertEquals(200, observed.get(port, "/metrics").statusCode());
    }
  }
}
