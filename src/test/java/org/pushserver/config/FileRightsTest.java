// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRightsTest {
  @TempDir Path directory;
  private final FileRights everybody = FileRights.ofEverybody();

  /** Ours, whoever runs the test. */
  private static FileRights own() {
    return FileRights.of(System.getProperty("user.name")).orElseThrow();
  }

  private static void mode(Path path, String mode) throws Exception {
    assertEquals(path, Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode)));
  }

  @BeforeEach
  void open() throws Exception {
    mode(directory, "rwxr-xr-x");
  }

  @Test
  void theModeSaysWhatOthersMayRead() throws Exception {
    Path file = Files.writeString(directory.resolve("key.pem"), "x");
    mode(file, "rw-r-----");
    assertFalse(everybody.mayRead(file));
    assertTrue(own().mayRead(file));
    mode(file, "rw-r--r--");
    assertTrue(everybody.mayRead(file));
  }

  @Test
  void aFolderThatMayNotBeEnteredHidesItsFiles() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("credentials"));
    Path file = Files.writeString(folder.resolve("key.pem"), "x");
    mode(file, "rw-r--r--");
    mode(folder, "rwx------");
    assertFalse(everybody.mayRead(file));
    assertTrue(own().mayRead(file));
  }

  @Test
  void aFileToBeMadeNeedsAFolderThatMayBeWritten() throws Exception {
    Path file = directory.resolve("log/push.log");
    assertFalse(everybody.mayWrite(file));
    assertTrue(own().mayWrite(file));
    mode(directory, "rwxrwxrwx");
    assertTrue(everybody.mayWrite(file));
  }

  @Test
  void aUserThatTheSystemDoesNotKnowHasNone() {
    assertEquals(Optional.empty(), FileRights.of("no-such-user"));
    assertEquals(Optional.empty(), FileRights.of("--help"));
  }
}
