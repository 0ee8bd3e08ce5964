// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pbx;

import java.io.File;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A PBX that runs with the file that users get. */
interface Pbx {
  /** Where it takes SIP over UDP, on the loopback address. */
  int port();

  /** The status by which it tells a caller that it wakes a phone. */
  int progress();

  /** What it has complained of. */
  List<String> complaints() throws IOException;

  /** Ends it. */
  void close() throws Exception;

  /** Whether these programs can be found. */
  static boolean areHere(String... programs) {
    return Stream.of(programs).allMatch(Pbx::isOnPath);
  }

  private static boolean isOnPath(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** A port that nobody has. */
  static int freePort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
