// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * A configuration file that the sandbox writes, unless somebody has changed it: its head tells what
 * was written. Worker thread.
 */
final class OwnFile {
  private static final String MARK = "; Written by the Pushserver sandbox";
  private static final String HEAD =
      MARK + ". What you change here stays; remove the file to have it written anew.\n; %08x\n";

  private OwnFile() {}

  /** The text with a head by which changes are seen. */
  static String marked(String text) {
    CRC32 sum = new CRC32();
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    return String.format(Locale.ROOT, HEAD, sum.getValue()) + text;
  }

  /**
   * Whether a file is to be kept, because somebody has changed what the sandbox wrote.
   *
   * @throws FileAlreadyExistsException when it is none of the sandbox's
   */
  static boolean isChanged(Path file) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    String there = Files.readString(file);
    if (!there.startsWith(MARK)) {
      throw new FileAlreadyExistsException(
          file.toString(), null, "not written by the sandbox; choose another directory");
    }
    String[] parts = there.split("\n", 3);
    // One of an earlier version was written anew at each start.
    return parts.length == 3
        && parts[1].matches("; [0-9a-f]{8}")
        && !there.equals(marked(parts[2]));
  }
}
