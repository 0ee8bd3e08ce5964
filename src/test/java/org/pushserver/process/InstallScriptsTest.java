// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pushserver.fake.Command;

/** The archive makes a start quicker; without it all is installed, and works. */
@Timeout(60)
class InstallScriptsTest {
  private static final Path PACKAGE = Path.of("src/deb/pushserver/control/postinst");
  private static final Path IMAGE = Path.of("conf/container/Dockerfile");

  private static Command.Ended run(String script) throws Exception {
    return Command.of("sh", "-ec", script).with(Map.of("JAVA_HOME", "/nonexistent")).run();
  }

  @Test
  void aPackageIsInstalledWhereTheArchivesAreCutOff() throws Exception {
    String functions =
        Pattern.compile("^(?:make_)?archive\\(\\) \\{$.*?^}$", Pattern.MULTILINE | Pattern.DOTALL)
            .matcher(Files.readString(PACKAGE))
            .results()
            .map(MatchResult::group)
            .collect(Collectors.joining("\n"));
    // A member of a cluster, whose archives both take too long.
    String instead = "\ntimeout() { return 124; }\nrm() { echo \"rm $*\"; }\ngrep() { :; }\n";
    Command.Ended ended = run(functions + instead + "make_archive\necho installed");
    assertEquals(0, ended.code(), ended.said());
    assertEquals(
        2,
        ended.said().lines().filter("rm -f /var/cache/pushserver/*.new*"::equals).count(),
        ended.said());
    assertEquals(
        2, ended.said().lines().filter(line -> line.contains("no archive")).count(), ended.said());
    assertTrue(ended.said().endsWith("installed\n"), ended.said());
  }

  @Test
  void anImageIsBuiltWhereNoArchiveCanBeMade() throws Exception {
    String step =
        Pattern.compile("^RUN (\\{.*?\\|\\| echo .*?); \\\\$", Pattern.MULTILINE | Pattern.DOTALL)
            .matcher(Files.readString(IMAGE))
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.joining("\n"));
    assertTrue(step.contains("pushserver archive --cluster"), step);
    Command.Ended ended = run(step + "\necho built");
    assertEquals(0, ended.code(), ended.said());
    assertTrue(ended.said().contains("no archive"), ended.said());
    assertTrue(ended.said().endsWith("built\n"), ended.said());
  }
}
