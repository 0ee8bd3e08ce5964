// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.Command;

/** What belongs to a process belongs to the program that the server is in. */
@Timeout(180)
class GuestIT {
  @TempDir Path dir;
  @TempDir Path classes;

  @RegisterExtension final EmbeddedFixture program = new EmbeddedFixture(() -> dir);

  /** All but those of tests, with which a configuration of Logback would come. */
  private String classPath() throws Exception {
    Path from =
        Path.of(GuestProgram.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path folder = Path.of(GuestProgram.class.getPackageName().replace('.', '/'));
    Files.createDirectories(classes.resolve(folder));
    try (Stream<Path> files = Files.list(from.resolve(folder))) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().startsWith(GuestProgram.class.getSimpleName())) {
          Files.copy(file, classes.resolve(folder).resolve(file.getFileName()));
        }
      }
    }
    return Stream.concat(
            Stream.of(classes.toString()),
            Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(part -> !Path.of(part).equals(from)))
        .collect(Collectors.joining(File.pathSeparator));
  }

  @Test
  void itChangesNothingOfTheProcess() throws Exception {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-Duser.language=ar",
            "-Duser.country=EG",
            "-cp",
            classPath(),
            GuestProgram.class.getName(),
            program.config().toString());
    Command.Ended guest = Command.of(command).within(Duration.ofMinutes(2)).run();
    List<String> told = guest.said().lines().filter(line -> line.startsWith("GUEST ")).toList();
    assertEquals(List.of("GUEST end"), told, guest.said());
    assertEquals(0, guest.code());
  }
}
