// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pbx;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.pushserver.fake.Await;
import org.pushserver.fake.Programs;

/** A real FreeSWITCH with the script and the dialplan that users get. Any thread. */
final class FreeSwitch implements Pbx {
  private static final Path SCRIPT = Path.of("conf/pbx/freeswitch-wake.lua");
  private static final Path DIALPLAN = Path.of("conf/pbx/freeswitch-dialplan.xml");
  private static final Path CONFIGURATION = Path.of("src/test/resources/freeswitch/freeswitch.xml");

  private final Path log;
  private final Process process;
  private final int port = Pbx.freePort();

  /**
   * @param directory for its files
   * @param push where it posts to
   * @param waitS how many seconds a call waits for its phones
   */
  FreeSwitch(Path directory, URI push, int waitS) throws IOException {
    log = directory.resolve("freeswitch.log");
    // Of one that ran here before.
    boolean unused = Files.deleteIfExists(log);
    Path config = Files.createDirectories(directory.resolve("freeswitch"));
    Path scripts = Files.createDirectories(directory.resolve("scripts"));
    Files.writeString(scripts.resolve("wake.lua"), script(push, waitS));
    Files.writeString(
        config.resolve("freeswitch.xml"),
        Files.readString(CONFIGURATION)
            .replace("SIP_PORT", Integer.toString(port))
            .replace("LOG", log.toString())
            .replace("SCRIPTS", scripts.toString())
            .replace("DIALPLAN", dialplan()));
    List<String> command = new ArrayList<>(List.of("freeswitch", "-nonat", "-nf", "-nc"));
    for (String folder : List.of("log", "db", "run", "temp", "recordings", "storage", "cache")) {
      command.add("-" + folder);
      command.add(Files.createDirectories(directory.resolve("fs-" + folder)).toString());
    }
    command.addAll(List.of("-conf", config.toString(), "-scripts", scripts.toString()));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("freeswitch.out").toFile())
            .start();
  }

  @Override
  public void untilStarted() throws Exception {
    Await.until(
        () -> Files.exists(log) && Files.readString(log).contains("FreeSWITCH Started"),
        () -> "FreeSWITCH did not start; see " + log.resolveSibling("freeswitch.out"));
  }

  private static String script(URI push, int waitS) throws IOException {
    String values = "local URL, WAIT_S, PROFILE = ";
    String file = Files.readString(SCRIPT);
    if (!file.contains(values)) {
      throw new IllegalStateException(SCRIPT + " has no line of values");
    }
    return file.replaceFirst(
        "(?m)^" + values + ".*$", values + "\"" + push + "\", " + waitS + ", \"internal\"");
  }

  private static String dialplan() throws IOException {
    return Files.readString(DIALPLAN).replace("^[a-d]\\d\\d\\d$", "^[a-z]+-[a-z]+$");
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
      return lines.filter(line -> line.contains("Lua") || line.contains("Pushserver")).toList();
    }
  }

  @Override
  public void close() {
    Programs.end(process);
  }
}
