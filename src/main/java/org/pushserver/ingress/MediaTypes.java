// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The media types of a call or message. */
final class MediaTypes {
  /** In the order in which messages to callers list them. */
  static final List<String> ALLOWED =
      List.of("audio", "video", "image", "chat", "sms", "file-transfer");

  private MediaTypes() {}

  /**
   * Reduces what a SIP proxy sends, often a list such as {@code audio, video}, to the one media
   * type that the phone is told: video when the list names it, else audio, else its first member.
   *
   * @return empty when that is none we know
   */
  static Optional<String> reduce(String text) {
    if (ALLOWED.contains(text)) {
      return Optional.of(text);
    }
    List<String> members =
        Arrays.stream(text.split(",", -1))
            .map(member -> member.strip().toLowerCase(Locale.ROOT))
            .filter(member -> !member.isEmpty())
            .toList();
    if (members.contains("video")) {
      return Optional.of("video");
    }
    if (members.contains("audio")) {
      return Optional.of("audio");
    }
    return members.stream().findFirst().filter(ALLOWED::contains);
  }
}
