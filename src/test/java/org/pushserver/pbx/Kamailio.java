// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pbx;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.pushserver.fake.Programs;

/** A real Kamailio with the file that users get. Any thread. */
final class Kamailio extends SipProxy {
  private static final Path FILE = Path.of("conf/pbx/kamailio.cfg");

  /** {@code /usr/lib/x86_64-linux-gnu/kamailio/modules/http_client.so}. */
  private static final int MODULE_DEPTH = 4;

  /**
   * @param directory for its files
   * @param push where it posts to
   * @param values those of the file that are to be others
   */
  Kamailio(Path directory, URI push, Map<String, String> values) throws IOException {
    this(directory, Pbx.freePort(), push, values);
  }

  private Kamailio(Path directory, int port, URI push, Map<String, String> values)
      throws IOException {
    super(
        directory.resolve("kamailio.log"),
        port,
        "ERROR|CRITICAL|WARNING",
        command(port, push, values));
  }

  private static List<String> command(int port, URI push, Map<String, String> values)
      throws IOException {
    // A Unix socket's path may have some hundred characters, which a test's directory may have,
    // too.
    Path sockets = Files.createTempDirectory("kam");
    List<String> command = command(FILE, port, sockets);
    command.addAll(List.of("-A", "PUSH_URL=\"" + push + "\""));
    command.addAll(List.of("-A", "ACK_URL=\"" + push.resolve("/v3/acks") + "\""));
    command.addAll(List.of("-A", "CTL=\"unixs:" + sockets.resolve("ctl") + "\""));
    values.forEach((name, value) -> command.addAll(List.of("-A", name + "=" + value)));
    return command;
  }

  /** What runs it with little memory and a file. */
  static List<String> command(Path file, int port, Path sockets) {
    List<String> command = new ArrayList<>(List.of("kamailio", "-f", file.toString()));
    command.addAll(List.of("-DD", "-E", "-m", "32", "-M", "4", "-l", "udp:127.0.0.1:" + port));
    command.addAll(List.of("-Y", sockets.toString()));
    return command;
  }

  /**
   * Whether it, its HTTP client and SIPp are on this machine: bin/check installs them if it can.
   */
  static boolean isHere() throws IOException {
    if (!Programs.areHere("kamailio", "sipp")) {
      return false;
    }
    try (Stream<Path> files =
        Files.find(
            Path.of("/usr/lib"),
            MODULE_DEPTH,
            (file, is) -> file.endsWith("kamailio/modules/http_client.so"))) {
      return files.findAny().isPresent();
    }
  }
}
