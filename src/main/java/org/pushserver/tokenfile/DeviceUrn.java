// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokenfile;

/** How phones write their device-id. Pure. */
final class DeviceUrn {
  private static final String URN = "urn:uuid:";

  private DeviceUrn() {}

  /** The id without quotes, brackets and {@code urn:uuid:}; may be empty. */
  static String bare(String written) {
    String id = within(within(written.strip(), '"', '"'), '<', '>');
    return id.regionMatches(true, 0, URN, 0, URN.length()) ? id.substring(URN.length()) : id;
  }

  private static String within(String text, char first, char last) {
    int start = text.indexOf(first) == 0 ? 1 : 0;
    int end =
        text.length()
            - (text.length() > start && text.lastIndexOf(last) == text.length() - 1 ? 1 : 0);
    return text.substring(start, Math.max(start, end));
  }
}
