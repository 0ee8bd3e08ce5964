// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.Command;

/** The Java of the image has no more than it needs, and no less: with the jar that is shipped. */
@Timeout(300)
class JreIT {
  private static final Path JAR = Path.of("target/pushserver.jar");

  /** Jackson looks for its annotations of properties, and does without. */
  private static final Set<String> DONE_WITHOUT = Set.of("java.desktop");

  private static final Set<String> BESIDE = Set.of("jdk.crypto.ec", "jdk.jcmd");

  private static List<String> modules;

  @TempDir private Path directory;

  @BeforeAll
  static void readModules() throws IOException {
    Matcher list =
        Pattern.compile("(?m)^ARG MODULES=(.+)$")
            .matcher(Files.readString(Path.of("conf/container/Dockerfile")));
    assertTrue(list.find());
    modules = List.of(list.group(1).split(","));
  }

  /** What a tool of the JDK prints. A JRE has none, and is no place for these tests. */
  private static String run(String tool, String... arguments) {
    ToolProvider found = ToolProvider.findFirst(tool).orElse(null);
    assumeTrue(found != null, tool + " is not in this Java");
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    assertEquals(0, found.run(out, out, arguments), said::toString);
    return said.toString();
  }

  @Test
  void theListIsWhatTheJarUses() {
    String used =
        run(
            "jdeps",
            "--multi-release",
            "17",
            "--ignore-missing-deps",
            "--print-module-deps",
            JAR.toString());
    Set<String> wanted = new TreeSet<>(Set.of(used.strip().split(",")));
    wanted.removeAll(DONE_WITHOUT);
    wanted.addAll(BESIDE);
    assertEquals(wanted, new TreeSet<>(modules));
  }

  @Test
  void aServerRunsOnNoMoreThanThat() throws Exception {
    assumeTrue(Boolean.getBoolean("pushserver.jre"), "only in bin/check --long");
    Path java = Path.of(System.getProperty("java.home"));
    assumeTrue(
        Runtime.version().feature() >= 24 || Files.isDirectory(java.resolve("jmods")),
        "this Java has no modules to link");
    Path jre = directory.resolve("jre");
    String said =
        run("jlink", "--add-modules", String.join(",", modules), "--output", jre.toString());
    Command.Ended ended =
        Command.of(
                jre.resolve("bin/java").toString(),
                "-Djava.io.tmpdir=" + directory,
                "-jar",
                JAR.toString(),
                "rehearse")
            .run();
    said += ended.said();
    assertEquals(0, ended.code(), said);
    assertTrue(said.contains("platform=apple event=incoming_session"), said);
    assertTrue(said.contains("projects/pushserver-sandbox/messages/1"), said);
  }
}
