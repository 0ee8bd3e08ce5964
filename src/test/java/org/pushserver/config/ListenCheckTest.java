// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ListenCheckTest {
  private static final String HERE = "127.0.0.1";
  private static final int TIMES = 2_000;

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Whether somebody listens. From another address: else a connection may lead to itself. */
  private static boolean letsIn(int port) {
    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress("127.0.0.2", 0));
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void nobodyIsLetInWhileItLooks() throws Exception {
    ListenAddress address = new ListenAddress(HERE, freePort());
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      Future<Long> letIn =
          other.submit(() -> IntStream.range(0, TIMES).filter(i -> letsIn(address.port())).count());
      while (!letIn.isDone()) {
        assertEquals(ListenCheck.FREE, ListenCheck.of(address));
      }
      assertEquals(0, letIn.get());
    } finally {
      other.shutdown();
    }
  }

  @Test
  void whatSomebodyListensOnIsInUse() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ListenAddress address = new ListenAddress(HERE, socket.getLocalPort());
      assertEquals(ListenCheck.IN_USE, ListenCheck.of(address));
    }
  }
}
