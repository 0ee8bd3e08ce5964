// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pbx;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;

/** A PBX that runs with the file that users get. */
interface Pbx {
  /** Waits until it takes calls, if it tells that. */
  default void untilStarted() throws Exception {}

  /** Where it takes SIP over UDP, on the loopback address. */
  int port();

  /** The status by which it tells a caller that it wakes a phone. */
  int progress();

  /** What it has complained of. */
  List<String> complaints() throws IOException;

  /** Ends it. */
  void close();

  /** A port that nobody has. */
  static int freePort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
