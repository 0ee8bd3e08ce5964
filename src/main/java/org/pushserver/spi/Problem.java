// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import java.util.Objects;

/**
 * Something wrong in the configuration, told so that an operator can put it right.
 *
 * @param severity what it stops
 * @param file the file it is in
 * @param section the section, without brackets; empty when it concerns the whole file
 * @param key the key; empty when it concerns the whole section
 * @param message what is wrong and what to do; never contains a secret
 */
public record Problem(Severity severity, String file, String section, String key, String message) {
  public Problem {
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(section, "section");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(message, "message");
  }

  /** How much a problem stops. */
  public enum Severity {
    /** Nothing; the operator should know. */
    WARNING,
    /** The application whose section it is in. */
    ERROR,
    /** The server: starting as configured would be unsafe or pointless. */
    FATAL
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(file);
    if (!section.isEmpty()) {
      text.append(" [").append(section).append(']');
    }
    if (!key.isEmpty()) {
      text.append(' ').append(key);
    }
    return text.append(": ").append(message).toString();
  }
}
