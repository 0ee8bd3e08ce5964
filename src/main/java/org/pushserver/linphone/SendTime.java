// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.linphone;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.pushserver.push.Push;

/**
 * The {@code send-time} of a push, in local time. It is the time of its birth, so that the app sees
 * how old the call is, however often it had to be sent.
 */
final class SendTime {
  private final DateTimeFormatter format;

  SendTime(ZoneId zone) {
    format = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(zone);
  }

  String of(Push push) {
    return format.format(Instant.ofEpochMilli(push.bornAt()));
  }
}
