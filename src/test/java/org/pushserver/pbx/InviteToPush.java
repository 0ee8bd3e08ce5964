// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pbx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pushserver.pbx.Phones.Seen;

/** How long it took from a caller's INVITE to the push service, for a report. */
final class InviteToPush {
  private static final Pattern MESSAGE =
      Pattern.compile(
          "-{10,} (\\S+) (\\S+)\\nUDP message sent [^\\n]*\\n\\nINVITE .*?\\nCall-ID: (\\S+)\\r?\\n",
          Pattern.DOTALL);

  private InviteToPush() {}

  /**
   * In words.
   *
   * @param messages what SIPp has written of the callers' messages
   */
  static String of(Path messages, List<Seen> pushes) throws IOException {
    Map<String, Instant> sent = new HashMap<>();
    Matcher found = MESSAGE.matcher(Files.readString(messages));
    while (found.find()) {
      Instant time =
          LocalDateTime.parse(found.group(1) + "T" + found.group(2))
              .atZone(ZoneId.systemDefault())
              .toInstant();
      sent.putIfAbsent(found.group(3), time);
    }
    List<Long> took =
        pushes.stream()
            .filter(push -> sent.containsKey(push.callId()))
            .map(push -> Duration.between(sent.get(push.callId()), push.time()).toNanos() / 1000)
            .sorted()
            .toList();
    return String.format(
        Locale.ROOT,
        "INVITE to push: %d calls, p50 %.1f ms, p95 %.1f ms",
        took.size(),
        took.get(took.size() / 2) / 1000.0,
        took.get(took.size() * 95 / 100) / 1000.0);
  }
}
