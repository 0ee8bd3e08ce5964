// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokenfile;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.pushserver.push.AppKey;
import org.pushserver.tokens.StoredToken;

/** Makes a device of the fields of a row: the names and rules of {@code POST /v2/tokens}. Pure. */
final class TokenFields {
  static final String ACCOUNT = "account";
  static final String USER = "username";
  static final String DOMAIN = "domain";
  static final String APP_ID = "app-id";
  static final String PLATFORM = "platform";
  static final String TOKEN = "token";
  static final String DEVICE_TOKEN = "device-token";
  static final String BACKGROUND = "background-token";
  static final String DEVICE_ID = "device-id";
  static final String SILENT = "silent";
  static final String USER_AGENT = "user-agent";
  static final String STORED_AT = "stored-at";
  static final String LAST_SEEN = "last-seen";

  private static final int LONGEST = 255;
  private static final int LONGEST_ACCOUNT = 1024;
  private static final int LONGEST_TOKEN = 4096;

  /** What MySQL has in place of a date that it does not know. */
  private static final String NO_DATE = "0000-00-00";

  private static final long UNKNOWN = 0;

  private static final Set<String> APPLE = Set.of("apple", "ios", "apns");
  private static final Set<String> FIREBASE = Set.of("firebase", "android", "fcm");
  private static final Set<String> YES = Set.of("1", "t", "true", "y", "yes", "on");
  private static final Set<String> NO = Set.of("0", "f", "false", "n", "no", "off");

  /** A row cannot be made a device; the message says why. */
  static final class BadFieldException extends Exception {
    private static final long serialVersionUID = 1L;

    BadFieldException(String message) {
      super(message);
    }
  }

  private final Map<String, String> fields;

  /** What accounts without a domain get; empty for none. */
  private final String usualDomain;

  private TokenFields(Map<String, String> fields, String usualDomain) {
    this.fields = fields;
    this.usualDomain = usualDomain;
  }

  /**
   * Makes it.
   *
   * @param usualDomain of accounts that have none; empty to leave them as they are
   */
  static StoredToken read(Map<String, String> fields, String usualDomain) throws BadFieldException {
    return new TokenFields(fields, usualDomain).read();
  }

  private StoredToken read() throws BadFieldException {
    String account = account();
    AppKey app = new AppKey(required(APP_ID, LONGEST), platform());
    String background = optional(BACKGROUND, LONGEST_TOKEN);
    String token = token(background);
    int dash = token.indexOf('-');
    if (dash >= 0 && background == null && app.platform().equals(AppKey.APPLE)) {
      // As it is exported: nothing behind the dash was found dead, and nothing before it is none.
      background = token.substring(dash + 1);
      token = dash == 0 ? background : token.substring(0, dash);
    } else if (token.equals(background) && !fields.getOrDefault(tokenName(), "").isBlank()) {
      // The old server rings both of two that are equal.
      background = null;
    }
    if (token.isEmpty()) {
      throw missing(tokenName());
    }
    String deviceId = DeviceUrn.bare(required(DEVICE_ID, LONGEST));
    if (deviceId.isEmpty()) {
      throw missing(DEVICE_ID);
    }
    return new StoredToken(
        account,
        app,
        deviceId,
        token,
        background,
        silent(),
        optional(USER_AGENT, LONGEST),
        time(STORED_AT),
        time(LAST_SEEN));
  }

  private String tokenName() {
    return fields.containsKey(DEVICE_TOKEN) ? DEVICE_TOKEN : TOKEN;
  }

  /** The old server has none for calls where the app gave none. */
  private String token(String background) throws BadFieldException {
    String token = optional(tokenName(), LONGEST_TOKEN);
    if (token == null && background == null) {
      throw missing(tokenName());
    }
    return token == null ? background : token;
  }

  private String account() throws BadFieldException {
    String account =
        fields.containsKey(ACCOUNT)
            ? required(ACCOUNT, LONGEST_ACCOUNT)
            : required(USER, LONGEST) + domain(optional(DOMAIN, LONGEST));
    String lower = account.toLowerCase(Locale.ROOT);
    String bare =
        lower.startsWith("sip:") || lower.startsWith("sips:")
            ? account.substring(account.indexOf(':') + 1)
            : account;
    if (bare.isEmpty()) {
      throw missing(ACCOUNT);
    }
    return bare.indexOf('@') < 0 ? bare + domain(null) : bare;
  }

  private String domain(String own) {
    String domain = own == null ? usualDomain : own;
    return domain.isEmpty() ? "" : "@" + domain;
  }

  private String platform() throws BadFieldException {
    String word = required(PLATFORM, LONGEST).toLowerCase(Locale.ROOT);
    return APPLE.contains(word) ? AppKey.APPLE : FIREBASE.contains(word) ? AppKey.FIREBASE : word;
  }

  private boolean silent() throws BadFieldException {
    String word = fields.getOrDefault(SILENT, "").strip().toLowerCase(Locale.ROOT);
    if (!word.isEmpty() && !YES.contains(word) && !NO.contains(word)) {
      throw new BadFieldException("silent is neither yes nor no");
    }
    return !NO.contains(word);
  }

  /** A time as we write it, seconds or milliseconds, or one of MySQL in this machine's zone. */
  private long time(String name) throws BadFieldException {
    String text = fields.getOrDefault(name, "").strip();
    try {
      if (text.isEmpty() || text.startsWith(NO_DATE)) {
        return UNKNOWN;
      } else if (text.chars().allMatch(Character::isDigit)) {
        return milliseconds(Long.parseLong(text));
      } else if (text.indexOf(' ') > 0) {
        return known(
            LocalDateTime.parse(text.replace(' ', 'T')).atZone(ZoneId.systemDefault()).toInstant());
      }
      return known(Instant.parse(text));
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      throw new BadFieldException(name + " is no time");
    }
  }

  /** Before there were push tokens it is the year that a table has where nothing was said. */
  private static long known(Instant time) {
    return Math.max(UNKNOWN, time.toEpochMilli());
  }

  /** Of a number that may count seconds: as such all of these times are after 2262. */
  private static long milliseconds(long number) {
    long lastOfSeconds = 9_999_999_999L;
    return number <= lastOfSeconds ? number * 1000 : number;
  }

  private String required(String name, int limit) throws BadFieldException {
    String value = optional(name, limit);
    if (value == null) {
      throw missing(name);
    }
    return value;
  }

  private static BadFieldException missing(String name) {
    return new BadFieldException("it has no " + name);
  }

  private String optional(String name, int limit) throws BadFieldException {
    String value = fields.getOrDefault(name, "").strip();
    if (value.length() > limit) {
      throw new BadFieldException(
          "%s has %s characters; at most %s are allowed".formatted(name, value.length(), limit));
    } else if (value.chars().anyMatch(Character::isISOControl)) {
      throw new BadFieldException(name + " has control characters");
    }
    return value.isEmpty() ? null : value;
  }
}
