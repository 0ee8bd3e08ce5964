// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.util.Objects;
import org.pushserver.spi.Problem.Severity;

/**
 * Whether people may look at the trail with a browser.
 *
 * @param isOn whether there are pages
 * @param userHeader in which a trusted proxy names the reader; empty for none
 */
public record ConsoleSettings(boolean isOn, String userHeader) {
  /** There are no pages. */
  public static final ConsoleSettings OFF = new ConsoleSettings(false, "");

  public ConsoleSettings {
    Objects.requireNonNull(userHeader, "userHeader");
  }

  /**
   * Reads the keys.
   *
   * @param trail whether there is something to look at
   * @param access who may vouch for a reader
   */
  static ConsoleSettings read(SectionReader in, boolean trail, Access access) {
    return new ConsoleSettings(in.flag("console", trail), userHeader(in, access));
  }

  private static String userHeader(SectionReader in, Access access) {
    String header = in.text("console_user_header").orElse("");
    if (!header.matches("[A-Za-z0-9-]{0,64}")) {
      in.report(
          Severity.WARNING,
          "console_user_header",
          "the name of a header has letters, digits and dashes, such as X-Forwarded-User; it is ignored");
      return "";
    }
    if (!header.isEmpty() && access.trustedProxies().isNone()) {
      in.report(
          Severity.WARNING,
          "console_user_header",
          "it counts from trusted_proxies alone, and there are none; set them, too");
    }
    return header;
  }
}
