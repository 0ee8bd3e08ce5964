// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.pushserver.push.Device;
import org.pushserver.tokens.StoredToken;

/** Stored tokens for people, a line each; never a whole token. */
final class TokenLines {
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);

  private static final String UNKNOWN = "-";
  private static final int ACCOUNT = 30;
  private static final int APP = 30;
  private static final int DEVICE = 36;
  private static final int TOKEN = 11;
  private static final int TIME = 16;

  private final ZoneId zone = ZoneId.systemDefault();

  /** The head of the table. */
  String head() {
    return line("ACCOUNT", "APPLICATION", "DEVICE", "TOKEN", "REGISTERED", "LAST SEEN");
  }

  /** A device as a row of it. Nothing is cut but tokens: rows are for grep, too. */
  String of(StoredToken token) {
    return line(
        token.account(),
        token.app().toString(),
        token.deviceId(),
        new Device(token.token(), null).shortToken(),
        time(token.storedAt()),
        day(token.lastSeen()));
  }

  private static String line(
      String account, String app, String device, String token, String stored, String seen) {
    return filled(account, ACCOUNT)
        + "  "
        + filled(app, APP)
        + "  "
        + filled(device, DEVICE)
        + "  "
        + filled(token, TOKEN)
        + "  "
        + filled(stored, TIME)
        + "  "
        + seen;
  }

  private static String filled(String text, int columns) {
    String plain = TerminalText.plain(text);
    return plain + " ".repeat(Math.max(0, columns - plain.codePointCount(0, plain.length())));
  }

  /** Such as {@code 2026-11-30 09:00}. */
  String time(long at) {
    return at == 0 ? UNKNOWN : Instant.ofEpochMilli(at).atZone(zone).format(MINUTES);
  }

  /** Such as {@code 2026-11-30}: it is not known more exactly. */
  String day(long at) {
    return at == 0 ? UNKNOWN : Instant.ofEpochMilli(at).atZone(zone).toLocalDate().toString();
  }
}
