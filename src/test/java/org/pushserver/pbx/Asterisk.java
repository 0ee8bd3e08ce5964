// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pbx;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pushserver.fake.Await;
import org.pushserver.fake.Command;
import org.pushserver.fake.Programs;

/** A real Asterisk with the dialplan that users get. Any thread. */
final class Asterisk implements Pbx {
  private static final Path DIALPLAN = Path.of("conf/pbx/asterisk-extensions.conf");
  private static final Path PHONES = Path.of("conf/pbx/asterisk-pjsip.conf");

  private final Path log;
  private final Path config;
  private final Process process;
  private final int port = Pbx.freePort();

  /**
   * @param directory for its files
   * @param push where it posts to
   * @param waitS how many seconds a call waits for its phones
   * @param users who has phones
   */
  Asterisk(Path directory, URI push, int waitS, List<String> users) throws IOException {
    // A Unix socket's path may have some hundred characters.
    Path run = Files.createTempDirectory("ast");
    log = directory.resolve("asterisk.log");
    config = Files.createDirectories(directory.resolve("asterisk"));
    Files.writeString(
        config.resolve("asterisk.conf"),
        """
        [directories]
        astetcdir => %1$s
        astdbdir => %2$s
        astspooldir => %2$s
        astrundir => %2$s
        astlogdir => %2$s
        """
            .formatted(config, run));
    Files.writeString(config.resolve("modules.conf"), "[modules]\nautoload = yes\n");
    Files.writeString(
        config.resolve("logger.conf"),
        "[logfiles]\n%s => warning,error,verbose(3)\n".formatted(log));
    Files.writeString(config.resolve("extensions.conf"), dialplan(push, waitS));
    Files.writeString(config.resolve("pjsip.conf"), phones(users));
    process =
        new ProcessBuilder(
                "asterisk", "-f", "-C", config.resolve("asterisk.conf").toString(), "-vvv")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("asterisk.out").toFile())
            .start();
  }

  private static String dialplan(URI push, int waitS) throws IOException {
    return Files.readString(DIALPLAN)
        .replaceFirst("(?m)^PUSH=.*$", "PUSH=" + push)
        .replaceFirst("(?m)^WAIT=.*$", "WAIT=" + waitS)
        .replace("_[a-d]XXX", "_[a-z].");
  }

  /** The phone of the file, once for each user. */
  private String phones(List<String> users) throws IOException {
    String one = "\n[a000](phone)\naors = a000\n[a000](aor)\n";
    String file = Files.readString(PHONES).replace("127.0.0.1:5060", "127.0.0.1:" + port);
    if (!file.contains(one)) {
      throw new IllegalStateException(PHONES + " has no phone a000");
    }
    return file.replace(
        one, users.stream().map(user -> one.replace("a000", user)).collect(Collectors.joining()));
  }

  @Override
  public void untilStarted() throws Exception {
    List<String> ask = List.of("asterisk", "-C", config.resolve("asterisk.conf").toString(), "-rx");
    Await.until(
        () -> process.isAlive() && run(ask, "core waitfullybooted") == 0,
        () -> "Asterisk did not start; see " + log);
  }

  private static int run(List<String> command, String argument) throws Exception {
    return Command.of(Stream.concat(command.stream(), Stream.of(argument)).toList()).run().code();
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public int progress() {
    return 180;
  }

  @Override
  public List<String> complaints() throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines
          .filter(line -> line.contains("pbx.c") || line.contains("res_curl"))
          .filter(line -> line.matches(".*(WARNING|ERROR).*"))
          .toList();
    }
  }

  @Override
  public void close() {
    Programs.end(process);
  }
}
