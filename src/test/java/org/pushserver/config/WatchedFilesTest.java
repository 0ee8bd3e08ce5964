// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.Command;

@Timeout(30)
class WatchedFilesTest {
  @TempDir Path directory;

  @CanIgnoreReturnValue
  private Path write(String name, String text) throws Exception {
    return Files.writeString(directory.resolve(name), text);
  }

  private Map<Path, String> look() {
    return new WatchedFiles().look(List.of(directory), false);
  }

  @Test
  void theStateOfAFileIsItsContent() throws Exception {
    Path file = write("a", "abc");
    // The example of FIPS 180-2.
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", look().get(file));
  }

  @Test
  void whatIsMissingHasAState() {
    Path missing = directory.resolve("none/at/all");
    assertEquals(
        Map.of(missing, FileContent.MISSING), new WatchedFiles().look(List.of(missing), false));
  }

  @Test
  void aPipeIsNotReadAsItWouldNeverEnd() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertEquals(0, Command.of("mkfifo", pipe.toString()).run().code());
    assertEquals(FileContent.NO_FILE, look().get(pipe));
  }

  @Test
  void aFolderThatContainsItselfIsLookedAtOnce() throws Exception {
    Files.createSymbolicLink(directory.resolve("self"), directory);
    assertEquals(FileContent.UNREADABLE, look().get(directory.resolve("self")));
  }

  @Test
  void aHugeFileIsJudgedBySizeAndDate() throws Exception {
    WatchedFiles files = new WatchedFiles(10, 3);
    Path file = write("a", "abcd");
    String before = files.look(List.of(file), true).get(file);
    assertEquals(before, files.look(List.of(file), true).get(file));
    write("a", "abcde");
    assertNotEquals(before, files.look(List.of(file), true).get(file));
  }

  @Test
  void noMoreFilesAreLookedAtThanTheBound() throws Exception {
    for (int i = 0; i < 10; i++) {
      write("file" + i, "x");
    }
    Path first = write("general.ini", "x");
    Map<Path, String> states = new WatchedFiles(5, 100).look(List.of(first, directory), false);
    assertEquals(5, states.size());
    assertEquals(FileContent.of(first), states.get(first));
  }
}
