// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

/**
 * What is in a file, as a short text that is the same as long as the content is: its SHA-256, or
 * why there is none. Worker threads.
 */
final class FileContent {
  static final String MISSING = "missing";
  static final String UNREADABLE = "unreadable";
  static final String FOLDER = "folder";

  /** A pipe or a device: reading it might never end. */
  static final String NO_FILE = "no file";

  /** A larger file is not read: its size and date stand for it. */
  static final long MOST_BYTES = 64L << 20;

  private static final int CHUNK = 16_384;

  private FileContent() {}

  /** Looks at a file, links followed, and reads it. */
  static String of(Path file) {
    try {
      return of(file, Files.readAttributes(file, BasicFileAttributes.class), MOST_BYTES);
    } catch (IOException e) {
      return absent(e);
    }
  }

  /**
   * Reads a file that was looked at.
   *
   * @param mostBytes above which it is not read
   */
  static String of(Path file, BasicFileAttributes attributes, long mostBytes) {
    if (!attributes.isRegularFile()) {
      return attributes.isDirectory() ? FOLDER : NO_FILE;
    }
    return attributes.size() <= mostBytes
        ? read(file)
        : attributes.size() + " bytes of " + attributes.lastModifiedTime();
  }

  /** Whether there is a file with such a state, which could be read. */
  static boolean isThere(String state) {
    return !Set.of(MISSING, UNREADABLE, FOLDER, NO_FILE).contains(state);
  }

  private static String read(Path file) {
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

  /** What it means that a file cannot be read. */
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
