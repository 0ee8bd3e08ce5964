// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.util.Objects;
import org.pushserver.spi.Problem.Severity;

/**
 * {@code [bus]} of general.ini: what the server does on the Vert.x event bus.
 *
 * @param push whether pushes are taken from it
 * @param keys the API keys, of which a sender needs one
 * @param prefix what the addresses begin with
 */
public record BusSettings(boolean push, ApiKeys keys, String prefix) {
  /** What holds when the file says nothing. */
  public static final BusSettings DEFAULT = new BusSettings(true, ApiKeys.OPEN, "pushserver");

  private static final String PREFIX = "[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*";
  private static final int LONGEST_PREFIX = 100;

  public BusSettings {
    Objects.requireNonNull(keys, "keys");
    if (!isPrefix(prefix)) {
      throw new IllegalArgumentException("prefix: " + prefix);
    }
  }

  /** Reads the keys, but that of the API keys. */
  static BusSettings read(SectionReader in, ApiKeys keys) {
    String prefix = in.text("prefix").orElse(DEFAULT.prefix);
    if (!isPrefix(prefix)) {
      in.report(
          Severity.FATAL,
          "prefix",
          "'"
              + KeyNames.shown(prefix)
              + "' is no beginning of an address: letters, digits, dashes and underscores, with"
              + " dots between them; correct it");
      prefix = DEFAULT.prefix;
    }
    return new BusSettings(in.flag("push", DEFAULT.push, Severity.FATAL), keys, prefix);
  }

  /** Whether addresses may begin so. */
  private static boolean isPrefix(String text) {
    return text.length() <= LONGEST_PREFIX && text.matches(PREFIX);
  }

  /** Where pushes are taken. */
  public String pushAddress() {
    return prefix + ".push";
  }

  /**
   * Where something is asked of stored tokens.
   *
   * @param call what: {@code add}, {@code remove}, {@code push}, {@code list}
   */
  public String tokensAddress(String call) {
    return prefix + ".tokens." + call;
  }

  /** Where it is taken what is said of phones. */
  public String acksAddress() {
    return prefix + ".acks";
  }

  /** Where the end of each push is published. */
  public String resultsAddress() {
    return prefix + ".results";
  }

  /** Where the server tells whether it can send. */
  public String statusAddress() {
    return prefix + ".status";
  }

  /** The same, with the keys of other settings when these need none. */
  BusSettings withGuardsOf(BusSettings other) {
    return keys.isOpen() ? new BusSettings(push, other.keys, prefix) : this;
  }
}
