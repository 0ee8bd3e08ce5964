// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.pushserver.cli.VersionLine;
import org.pushserver.client.PushCommand;
import org.pushserver.config.Doors;
import org.pushserver.config.Overrides;
import org.pushserver.route.TlsHeadStart;
import org.pushserver.sandbox.Sandbox;
import org.pushserver.sandbox.SandboxOptions;
import org.pushserver.systemd.ServiceManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code pushserver rehearse}: a server and a sandbox in one process, a push to each service over
 * TLS, and the end. A JVM that archives the classes it has met has then met those of a start; see
 * {@code bin/pushserver archive}.
 */
@Command(
    name = "rehearse",
    hidden = true,
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    description =
        "Starts, sends pushes to a sandbox of its own, and ends; for bin/pushserver archive.")
final class RehearseCommand implements Callable<Integer> {
  private static final List<List<String>> PHONES =
      List.of(
          List.of("--platform", "apple", "--token", "6d".repeat(32)),
          List.of("--platform", "firebase", "--token", "phone-of-bob"));

  @Option(names = "--cluster", description = "Starts as one of two members of a cluster.")
  private boolean cluster;

  @Spec private CommandSpec spec;

  /** Ends the process, which the server would keep alive: with 0 when all pushes arrived. */
  @Override
  public Integer call() throws IOException, InterruptedException {
    int code = rehearse();
    System.exit(code);
    return code;
  }

  private int rehearse() throws IOException, InterruptedException {
    TlsHeadStart.begin();
    Path directory = Files.createTempDirectory("pushserver-rehearsal");
    try {
      Sandbox sandbox =
          Main.await(Sandbox.start(OwnVertx.create(), SandboxOptions.in(directory).countingOnly()));
      Overrides overrides = new Overrides(sandbox.configDirectory(), null, 0, false);
      if (cluster) {
        RehearsedCluster.join(overrides);
      }
      OwnCluster.prepare(overrides);
      Server server = Main.start(OwnVertx.create(), overrides, Doors.ALL, ServiceManager.NOBODY);
      return PHONES.stream().mapToInt(phone -> push(server, phone)).max().orElseThrow();
    } catch (ExecutionException e) {
      spec.commandLine().getErr().println("pushserver cannot start: " + e.getCause());
      return 1;
    } finally {
      delete(directory);
    }
  }

  private static int push(Server server, List<String> phone) {
    Stream<String> rest =
        Stream.of(
            "--json",
            "--url",
            "http://127.0.0.1:" + server.port() + "/push",
            "--appid",
            "com.example.phone",
            "--from",
            "sip:alice@example.com",
            "--to",
            "sip:bob@example.com");
    return new CommandLine(new PushCommand())
        .execute(Stream.concat(phone.stream(), rest).toArray(String[]::new));
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
