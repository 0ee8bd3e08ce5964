// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Requests to a door, each with a call-id that no other has. One thread at a time.
 *
 * <p>The same body is put together in bench/push.lua.
 */
final class Posts {
  /** As many different devices; the sink has a file for each. */
  static final int DEVICES = 256;

  private static final List<String> TOKENS =
      IntStream.range(0, DEVICES).mapToObj(Posts::device).toList();

  private static final String CALL =
      "\"event\":\"incoming_session\",\"media-type\":\"audio\","
          + "\"from\":\"sip:alice@example.com\",\"from-display-name\":\"Alice\","
          + "\"to\":\"sip:bob@example.com\"}";

  private static final String HEAD =
      " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ";

  private final String appId;
  private final int applications;

  /** To which they go by turns; 0 where they name tokens. */
  private final int accounts;

  private final String rest;
  private final String prefix = Long.toString(System.nanoTime(), Character.MAX_RADIX);
  private long count;

  /**
   * @param platform as a request names it
   * @param appId how the names of all begin; a number follows
   * @param applications they take turns
   */
  Posts(String platform, String appId, int applications) {
    this(appId, applications, 0, rest(platform));
  }

  private Posts(String appId, int applications, int accounts, String rest) {
    this.appId = appId;
    this.applications = applications;
    this.accounts = accounts;
    this.rest = rest;
  }

  /** Pushes to accounts, one after the other. */
  static Posts toAccounts(int accounts) {
    return new Posts("", 1, accounts, "\"," + CALL);
  }

  /** The name of an account. */
  static String account(int number) {
    return "u" + number + "@example.com";
  }

  /** The token of a device. */
  static String device(int number) {
    return String.format(Locale.ROOT, "%064x", 0x6688ff00L + number);
  }

  private static String rest(String platform) {
    return "\",\"platform\":\"" + platform + "\"," + CALL;
  }

  /** The arguments of the script for wrk. */
  List<String> forWrk() {
    return List.of(
        appId,
        Integer.toString(applications),
        device(0).substring(0, 62),
        prefix,
        rest,
        Integer.toString(accounts));
  }

  /** The next request, headers and all. */
  byte[] next() {
    count++;
    String body = accounts == 0 ? toToken() : "{\"call-id\":\"" + prefix + '-' + count + rest;
    String path =
        accounts == 0 ? "/push" : "/v2/tokens/" + account((int) (count % accounts)) + "/push";
    return ("POST " + path + HEAD + body.length() + "\r\n\r\n" + body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private String toToken() {
    return "{\"app-id\":\""
        + appId
        + count % applications
        + "\",\"token\":\""
        + TOKENS.get((int) (count % DEVICES))
        + "\",\"call-id\":\""
        + prefix
        + '-'
        + count
        + rest;
  }
}
