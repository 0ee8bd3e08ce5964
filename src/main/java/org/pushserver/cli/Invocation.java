// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cli;

import java.io.File;
import java.util.regex.Pattern;

/** How to call this program, as it was called: for commands that are printed to be copied. */
public final class Invocation {
  /** Set by {@code bin/pushserver}: how that was called. */
  static final String PROPERTY = "pushserver.command";

  private static final Pattern PLAIN = Pattern.compile("[\\w./:=@%+,-]+");

  private Invocation() {}

  /** Such as {@code bin/pushserver} or {@code java -jar target/pushserver.jar}. */
  public static String command() {
    String script = System.getProperty(PROPERTY);
    if (script != null && !script.isEmpty()) {
      return quoted(script);
    }
    // With java -jar, this is the jar, as it was written.
    String jar = System.getProperty("java.class.path", "");
    return jar.endsWith(".jar") && jar.indexOf(File.pathSeparatorChar) < 0
        ? "java -jar " + quoted(jar)
        : "pushserver";
  }

  /** A word as a shell takes it for one. */
  public static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
