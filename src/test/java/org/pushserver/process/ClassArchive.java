// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.pushserver.Main;
import org.pushserver.fake.Command;

/** Lets many servers of one test start in half the time, as {@code pushserver archive} does. */
final class ClassArchive {
  /** On a busy machine. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private ClassArchive() {}

  /**
   * Makes it; takes some seconds.
   *
   * @param folder an empty one
   * @return the options of a Java that uses it
   */
  static String[] make(Path folder) throws Exception {
    List<String> classPath = new ArrayList<>();
    ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
    for (String entry : ServerProcess.classPath().split(File.pathSeparator, -1)) {
      if (Files.isDirectory(Path.of(entry))) {
        // Of the classes of a folder there is no archive.
        String packed = folder.resolve(classPath.size() + ".jar").toString();
        assertEquals(0, jar.run(System.out, System.out, "-cf", packed, "-C", entry, "."));
        classPath.add(packed);
      } else {
        classPath.add(entry);
      }
    }
    String path = String.join(File.pathSeparator, classPath);
    String archive = folder.resolve("classes.jsa").toString();
    Command.Ended made =
        Command.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:ArchiveClassesAtExit=" + archive,
                "-Xlog:disable",
                "-cp",
                path,
                Main.class.getName(),
                "rehearse")
            .within(PATIENCE)
            .run();
    assertEquals(0, made.code(), made.said());
    return new String[] {"-cp", path, "-XX:SharedArchiveFile=" + archive};
  }
}
