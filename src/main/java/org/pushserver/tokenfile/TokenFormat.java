// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokenfile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What a file of stored tokens may look like. */
public enum TokenFormat {
  /** {@code webrtc_device_tokens} of Sylk Pushserver. */
  PICKLE,
  /** JSON lines, as {@link DeviceLines} writes them. */
  JSON,
  /** A table with a column for each field. */
  CSV,
  /** The table {@code location} of OpenSIPS or Kamailio. */
  OPENSIPS;

  /** So much of a file says what it is, and has the first line of any table. */
  private static final int HEAD = 4096;

  private static final int PICKLE_MARK = 0x80;
  private static final int BYTE = 0xff;

  /** As it is given on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The beginning of a file, and what it says. */
  static final class Head {
    private final byte[] bytes;

    private Head(byte[] bytes) {
      this.bytes = bytes;
    }

    static Head of(Path file) throws IOException {
      try (InputStream in = Files.newInputStream(file)) {
        return new Head(in.readNBytes(HEAD));
      }
    }

    /** The first line. */
    String line() {
      return new String(bytes, StandardCharsets.UTF_8).lines().findFirst().orElse("");
    }

    TokenFormat format() throws BadTokenFileException {
      if (bytes.length == 0) {
        throw new BadTokenFileException("it is empty");
      } else if ((bytes[0] & BYTE) == PICKLE_MARK) {
        return PICKLE;
      }
      String line = line();
      if (line.stripLeading().startsWith("{")) {
        return JSON;
      }
      List<String> columns = TableTokens.columns(line);
      if (columns.contains(ContactRow.CONTACT)) {
        return OPENSIPS;
      } else if (columns.contains(TokenFields.DEVICE_ID)) {
        return CSV;
      } else if (line.startsWith("ccollections")) {
        throw new BadTokenFileException("it is a pickle of protocol 0 or 1; only 2 to 5 are read");
      }
      throw new BadTokenFileException(
          "it is none of the files that can be read: no pickle, no JSON lines, and no table whose"
              + " first line names columns such as account, app_id, platform, token, device_id;"
              + " say what it is with --format");
    }
  }
}
