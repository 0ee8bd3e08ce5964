// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What is in a file, as a short text that is the same as long as the content is. */
final class FileContent {
  static final String MISSING = "missing";
  static final String UNREADABLE = "unreadable";

  private static final int CHUNK = 16_384;

  private FileContent() {}

  /**
   * Reads a file. Blocks; a pipe or device blocks without end, so only regular files may be given.
   *
   * @return the SHA-256, or why there is none: {@link #MISSING}, {@link #UNREADABLE}
   */
  static String of(Path file) {
    MessageDigest digest = sha256();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] chunk = new byte[CHUNK];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        digest.update(chunk, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      return absent(e);
    }
  }

  /** What it is that a file cannot be read. */
  static String absent(IOException cause) {
    return cause instanceof NoSuchFileException ? MISSING : UNREADABLE;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
