// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Headers and bodies made fit for a log: without credentials, and not too long. */
public final class Secrets {
  /** More than the push services take: whoever needs more needs another tool than a log. */
  public static final int LONGEST_BODY = 8 * 1024;

  private static final String HIDDEN = "(hidden)";

  /** What names of headers with secrets have in them, in lower case. */
  private static final List<String> TELLTALES =
      List.of("auth", "cookie", "credential", "key", "pass", "secret", "signature", "token");

  private Secrets() {}

  /** Whether a header's value is nobody's business. */
  public static boolean isSecret(String header) {
    String name = header.toLowerCase(Locale.ROOT);
    return TELLTALES.stream().anyMatch(name::contains);
  }

  /** All headers in one text, secrets as {@code (hidden)}. */
  public static String headers(Iterable<Map.Entry<String, String>> headers) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, String> header : headers) {
      text.append(text.isEmpty() ? "" : "; ").append(header.getKey()).append(": ");
      text.append(isSecret(header.getKey()) ? HIDDEN : header.getValue());
    }
    return text.toString();
  }

  /** What of an authorization header's value is the secret: all behind its scheme. */
  public static String credential(String authorization) {
    int scheme = 0;
    while (scheme < authorization.length() && Character.isLetter(authorization.charAt(scheme))) {
      scheme++;
    }
    boolean has =
        scheme < authorization.length() && " =".indexOf(authorization.charAt(scheme)) >= 0;
    return has ? authorization.substring(scheme + 1).strip() : authorization;
  }

  /**
   * A text in which a credential of ours is hidden wherever it is repeated.
   *
   * @param secret as it was sent
   */
  public static String without(String secret, String text) {
    if (secret.isEmpty() || text.length() < secret.length()) {
      return text;
    }
    // As it was sent, and as JSON and forms write it.
    return text.replace(secret, HIDDEN)
        .replace(secret.replace("/", "\\/"), HIDDEN)
        .replace(URLEncoder.encode(secret, StandardCharsets.UTF_8), HIDDEN);
  }

  /** The body, cut when it is longer than {@link #LONGEST_BODY}. */
  public static String body(String body) {
    return body.length() <= LONGEST_BODY ? body : body.substring(0, LONGEST_BODY) + '…';
  }
}
