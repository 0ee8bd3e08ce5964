// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Scanner;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for programs that listen. Linux gives none of them to who connects: else a connection of
 * the load may have the port before its program is there, and who tries whether somebody listens
 * may reach himself. Any thread.
 */
final class Ports {
  private static final Path OF_CLIENTS = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

  /** Below, there are those that have names. */
  private static final int LEAST = 10_000;

  private static final int END = 65_536;
  private static final int TRIES = 1000;

  private Ports() {}

  /** One on which nobody listens, at no address. */
  static int free() throws IOException {
    try (Scanner clients = new Scanner(OF_CLIENTS, StandardCharsets.US_ASCII)) {
      return free(clients.nextInt(), clients.nextInt());
    }
  }

  /**
   * One on which nobody listens.
   *
   * @param first of those that clients get
   * @param last of them
   */
  static int free(int first, int last) throws IOException {
    int below = Math.max(0, first - LEAST);
    int above = Math.max(0, END - Math.max(LEAST, last + 1));
    for (int i = 0; i < TRIES && below + above > 0; i++) {
      int chosen = ThreadLocalRandom.current().nextInt(below + above);
      int port = chosen < below ? LEAST + chosen : END - 1 - (chosen - below);
      if (isFree(port)) {
        return port;
      }
    }
    throw new BenchException("no port is free but those of clients, " + first + " to " + last);
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
