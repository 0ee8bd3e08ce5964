// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Scanner;
import org.junit.jupiter.api.Test;

/** Ports of the programs that are measured. */
class PortsTest {
  @Test
  void aPortIsNoneThatAClientMayGet() throws Exception {
    int first;
    int last;
    try (Scanner clients =
        new Scanner(Path.of("/proc/sys/net/ipv4/ip_local_port_range"), StandardCharsets.US_ASCII)) {
      first = clients.nextInt();
      last = clients.nextInt();
    }
    for (int i = 0; i < 100; i++) {
      int port = Ports.free();
      assertTrue(port < first || port > last, () -> port + " may be a client's");
    }
  }

  @Test
  void aPortMayBeBelowThoseOfClientsOrAbove() throws Exception {
    for (int i = 0; i < 100; i++) {
      assertTrue(Ports.free(32_768, 65_535) < 32_768);
      assertTrue(Ports.free(1024, 50_000) > 50_000);
    }
    assertThrows(BenchException.class, () -> Ports.free(1024, 65_535));
  }

  @Test
  void whoReachesHimselfHasFoundNobodyThatListens() throws Exception {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      socket.connect(socket.getLocalSocketAddress());

      assertEquals(socket.getLocalPort(), socket.getPort());
      assertFalse(Child.isAnswered(socket));
    }
  }

  @Test
  void whoReachesAnotherHasFoundOne() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
      assertTrue(Child.isAnswered(socket));
    }
  }
}
