// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pbx;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.pushserver.fake.Await;
import org.pushserver.fake.Programs;

/** A real OpenSIPS with the file that users get. Any thread. */
final class OpenSips extends SipProxy {
  private static final Path FILE = Path.of("conf/pbx/opensips.cfg");

  /** Where modules are: of Debian, and of one that was built here. */
  private static final List<String> MODULES =
      List.of(
          "/usr/lib/x86_64-linux-gnu/opensips/modules",
          "/usr/lib64/opensips/modules",
          "/usr/local/lib64/opensips/modules");

  /**
   * @param directory for its files
   * @param push where it posts to
   * @param waitS how many seconds a call waits for its phones
   */
  OpenSips(Path directory, URI push, int waitS) throws IOException {
    this(directory, Pbx.freePort(), push, waitS);
  }

  private OpenSips(Path directory, int port, URI push, int waitS) throws IOException {
    super(
        directory.resolve("opensips.log"),
        port,
        "ERROR|CRITICAL",
        command(config(directory, port, push, waitS)));
  }

  private static Path config(Path directory, int port, URI push, int waitS) throws IOException {
    return Files.writeString(
        directory.resolve("opensips.cfg"),
        Files.readString(FILE)
            .replace("127.0.0.1:5060", "127.0.0.1:" + port)
            .replace("http://127.0.0.1:8400/push", push.toString())
            .replace("/run/opensips/fifo", directory.resolve("fifo").toString())
            .replace(MODULES.get(0) + "/", modules().orElseThrow() + "/")
            .replace("\"pn_refresh_timeout\", 15", "\"pn_refresh_timeout\", " + waitS)
            // Phones are asleep as soon as they have registered.
            .replace("\"pn_skip_pn_interval\", 3", "\"pn_skip_pn_interval\", 0"));
  }

  /** What runs it with a file. */
  static List<String> command(Path file) {
    return List.of("opensips", "-F", "-f", file.toString());
  }

  /** The folder of its modules; empty when it is not on this machine. */
  static Optional<Path> modules() {
    return Stream.concat(
            MODULES.stream().map(Path::of),
            Programs.find("opensips").stream()
                .map(program -> program.resolveSibling("../lib64/opensips/modules")))
        .filter(folder -> Files.exists(folder.resolve("rest_client.so")))
        .findFirst();
  }

  @Override
  public void untilStarted() throws Exception {
    Await.until(
        () -> isAlive() && said().contains("initialized"),
        () -> "OpenSIPS did not start; see opensips.log");
  }
}
