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
final class Kamailio implements Pbx {
  private static final Path FILE = Path.of("conf/pbx/kamailio.cfg");

  /** {@code /usr/lib/x86_64-linux-gnu/kamailio/modules/http_client.so}. */
  private static final int MODULE_DEPTH = 4;

  private final Path log;
  private final Process process;
  private final int port;

  /**
   * @param directory for its files
   * @param push where it posts to
   * @param values those of the file that are to be others
   */
  Kamailio(Path directory, URI push, Map<String, String> values) throws IOException {
    port = Pbx.freePort();
    log = directory.resolve("kamailio.log");
    // A Unix socket's path may have some hundred characters, which a test's directory may have,
    // too.
    Path sockets = Files.createTempDirectory("kam");
    List<String> command = new ArrayList<>(List.of("kamailio", "-f", FILE.toString()));
    command.addAll(List.of("-DD", "-E", "-m", "32", "-M", "4", "-l", "udp:127.0.0.1:" + port));
    command.addAll(List.of("-Y", sockets.toString()));
    command.addAll(List.of("-A", "PUSH_URL=\"" + push + "\""));
    command.addAll(List.of("-A", "ACK_URL=\"" + push.resolve("/v3/acks") + "\""));
    command.addAll(List.of("-A", "CTL=\"unixs:" + sockets.resolve("ctl") + "\""));
    values.forEach((name, value) -> command.addAll(List.of("-A", name + "=" + value)));
    process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
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

  @Override
  public int port() {
    return port;
  }

  @Override
  public int progress() {
    return 110;
  }

  @Override
  public List<String> complaints() throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.matches(".*(ERROR|CRITICAL|WARNING):.*")).toList();
    }
  }

  @Override
  public void close() {
    Programs.end(process);
  }
}
