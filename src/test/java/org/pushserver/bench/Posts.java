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

  /** Phones of one callee, for a request with contacts. */
  static final int PHONES = 3;

  private static final List<String> TOKENS =
      IntStream.range(0, DEVICES).mapToObj(Posts::device).toList();

  private static final String CALL =
      "\"event\":\"incoming_session\",\"media-type\":\"audio\","
          + "\"from\":\"sip:alice@example.com\",\"from-display-name\":\"Alice\","
          + "\"to\":\"sip:bob@example.com\"}";

  private static final String HEAD = " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ";

  private static final String JSON_TYPE = "application/json";
  private static final String FORM_TYPE = "application/x-www-form-urlencoded";

  /**
   * What a request is made of: its body is these four, with the number of the application, the
   * token and the call-id between them.
   *
   * @param path of the door; an account stands for its {@code *}
   * @param accounts to which they go by turns, without application and token; 0 where they name
   *     tokens
   */
  private record Shape(
      String path, int accounts, String first, String second, String third, String last) {
    static Shape json(String appId, String rest) {
      return new Shape(
          "/push", 0, "{\"app-id\":\"" + appId, "\",\"token\":\"", "\",\"call-id\":\"", rest);
    }
  }

  private final Shape shape;
  private final int applications;

  /** Tokens of one request: contacts name several. */
  private final int phones;

  private final String prefix = Long.toString(System.nanoTime(), Character.MAX_RADIX);
  private long count;

  /**
   * @param platform as a request names it
   * @param appId how the names of all begin; a number follows
   * @param applications they take turns
   */
  Posts(String platform, String appId, int applications) {
    this(Shape.json(appId, rest(platform)), applications, 1);
  }

  private Posts(Shape shape, int applications, int phones) {
    this.shape = shape;
    this.applications = applications;
    this.phones = phones;
  }

  /** Messages, of which a cluster keeps nothing when they have been delivered; for Apple. */
  static Posts messages(String appId) {
    return new Posts(
        Shape.json(
            appId, "\",\"platform\":\"apple\"," + CALL.replace("incoming_session", "message")),
        1,
        1);
  }

  /** Pushes to accounts, one after the other. */
  static Posts toAccounts(int accounts) {
    return new Posts(
        new Shape("/v2/tokens/*/push", accounts, "", "", "{\"call-id\":\"", "\"," + CALL), 1, 1);
  }

  /** The same push as a form, which is answered with a form; for Apple. */
  static Posts form(String appId) {
    return new Posts(
        new Shape(
            "/push",
            0,
            "answer=form&platform=apple&event=incoming_session&media-type=audio"
                + "&from=sip%3Aalice%40example.com&from-display-name=Alice"
                + "&to=sip%3Abob%40example.com&app-id="
                + appId,
            "&token=",
            "&call-id=",
            ""),
        1,
        1);
  }

  /** A call to all phones of a callee, by their contacts; for Apple. */
  static Posts contacts(String appId) {
    return new Posts(
        new Shape(
            "/push",
            0,
            "{\"contacts\":[\"<sip:bob@192.0.2.10>;pn-type=ios;app-id=" + appId,
            ";pn-tok=",
            "\"],\"call-id\":\"",
            "\"," + CALL),
        1,
        PHONES);
  }

  /** The same push for gorush, which asks Apple for what the request says. */
  static Posts gorush(String topic) {
    return new Posts(
        new Shape(
            "/api/push",
            0,
            "{\"notifications\":[{\"platform\":1,\"priority\":\"high\",\"push_type\":\"voip\",\"topic\":\""
                + topic,
            "\",\"tokens\":[\"",
            "\"],\"data\":{\"call-id\":\"",
            "\"," + CALL + "}]}"),
        1,
        1);
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
        shape.path,
        Integer.toString(shape.accounts),
        Integer.toString(applications),
        device(0).substring(0, 62),
        prefix,
        shape.first,
        shape.second,
        shape.third,
        shape.last,
        Integer.toString(phones),
        phones == 1 ? "" : nextContact(),
        type());
  }

  /** The next request, headers and all. */
  byte[] next() {
    count++;
    StringBuilder body = new StringBuilder(512);
    for (int phone = 0; shape.accounts == 0 && phone < phones; phone++) {
      body.append(phone == 0 ? shape.first : nextContact());
      body.append(count % applications).append(shape.second);
      body.append(TOKENS.get((int) ((count * phones + phone) % DEVICES)));
    }
    body.append(shape.third).append(prefix).append('-').append(count).append(shape.last);
    String path = shape.path.replace("*", account((int) (count % Math.max(1, shape.accounts))));
    return ("POST "
            + path
            + HEAD
            + type()
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private String type() {
    return shape.first.startsWith("answer=form") ? FORM_TYPE : JSON_TYPE;
  }

  private String nextContact() {
    return "\",\"" + shape.first.substring(shape.first.indexOf('<'));
  }
}
