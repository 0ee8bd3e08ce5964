// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The media types of a call or message, as SIP proxies spell them. */
final class MediaTypes {
  private MediaTypes() {}

  /**
   * Reduces what a SIP proxy sends, often a list such as {@code audio, video}, to the one media
   * type that the phone is told: video when the list names it, else audio, else its first member.
   *
   * @param allowed those that the application type knows
   * @return empty when it is none of them
   */
  static Optional<String> reduce(String text, List<String> allowed) {
    if (allowed.contains(text)) {
      return Optional.of(text);
    }
    List<String> members =
        Arrays.stream(text.split(",", -1))
            .map(member -> member.strip().toLowerCase(Locale.ROOT))
            .filter(member -> !member.isEmpty())
            .toList();
    for (String first : List.of("video", "audio")) {
      if (members.contains(first) && allowed.contains(first)) {
        return Optional.of(first);
      }
    }
    return members.stream().findFirst().filter(allowed::contains);
  }
}
