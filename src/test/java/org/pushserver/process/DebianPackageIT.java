// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pushserver.fake.Command;

/**
 * The Debian packages in {@code target}, as an operator meets them: {@code src/test/debian} does
 * what one does, in a throw-away Debian in which the systemd of that release runs.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class DebianPackageIT {
  /** How the script says that this machine cannot try it. */
  private static final int CANNOT = 77;

  private static final Duration LONGEST = Duration.ofMinutes(14);

  private static Command.Ended run(String... command) throws IOException, InterruptedException {
    Command.Ended ended = Command.of(command).within(LONGEST).run();
    System.out.print(ended.said());
    return ended;
  }

  private static List<String> packages() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      return files
          .map(Path::toString)
          .filter(name -> name.matches("target/pushserver(-sylk)?_.*_all\\.deb"))
          .sorted()
          .toList();
    }
  }

  @Test
  void lintianFindsNoError() throws Exception {
    assumeTrue(
        Stream.of("/usr/bin", "/usr/local/bin")
            .anyMatch(path -> Files.isExecutable(Path.of(path, "lintian"))),
        "no lintian on this machine: see bin/check");
    assumeTrue(packages().size() == 2, "no packages in target: mvn package makes them");
    List<String> command =
        new ArrayList<>(
            List.of(
                "lintian",
                "--allow-root",
                "--no-cfg",
                "--fail-on",
                "error",
                "--no-tag-display-limit"));
    command.addAll(packages());
    Command.Ended ended = run(command.toArray(String[]::new));
    assertEquals(0, ended.code(), ended::said);
  }

  private static void tried(String... how) throws Exception {
    List<String> command = new ArrayList<>(List.of("src/test/debian/try-package"));
    command.addAll(List.of(how));
    Command.Ended ended = run(command.toArray(String[]::new));
    if (ended.code() == CANNOT) {
      abort(ended.said());
    }
    assertEquals(0, ended.code(), ended::said);
  }

  @Test
  void onDebian12ItIsInstalledRunsAndIsUpgradedAndRemoved() throws Exception {
    // bin/check has begun it long ago, beside the other tests.
    if ("beside".equals(System.getProperty("pushserver.debian12"))) {
      tried("--await", "bookworm");
    } else {
      tried("bookworm");
    }
  }

  @Test
  void onDebian13ItIsInstalledRunsAndIsUpgradedAndRemoved() throws Exception {
    assumeTrue(Boolean.getBoolean("pushserver.debian13"), "only in bin/check --long");
    tried("trixie");
  }
}
