// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pbx;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A PBX that runs with the file that users get. */
interface Pbx {
  /** How long one may take to end, in seconds. */
  int END_S = 30;

  /** Where it takes SIP over UDP, on the loopback address. */
  int port();

  /** The status by which it tells a caller that it wakes a phone. */
  int progress();

  /** What it has complained of. */
  List<String> complaints() throws IOException;

  /** Ends it. */
  void close() throws Exception;

  /** Ends the process of one: in order, or by force when that takes too long. */
  static void end(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(END_S, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }

  /** A port that nobody has. */
  static int freePort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
