// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Which version this is: the build writes pom.xml's into a file beside this class. */
public final class Version {
  private Version() {}

  /** Such as {@code 1.0.0}. Reads a small file. Any thread. */
  public static String current() {
    try (InputStream in = Version.class.getResourceAsStream("version.txt")) {
      return in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
