// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Locale;
import org.pushserver.api.LivePolicy;
import org.pushserver.config.Access;
import org.pushserver.config.ApiKey;
import org.pushserver.config.ApiKeys;
import org.pushserver.config.Right;
import org.pushserver.endpoint.AdmittedRequest;

/**
 * Who may read the pages: whoever has logged in with an API key that has the right to; whoever a
 * trusted proxy vouches for; and at the admin door of a server without API keys everybody, as there
 * are no keys to tell one reader from another. Event loops.
 */
final class ConsoleAccess {
  static final String COOKIE = "pushserver_console";
  static final String PATH = "/console";

  private static final String FETCH_SITE = "sec-fetch-site";
  private static final String FORWARDED_PROTO = "x-forwarded-proto";

  private final LivePolicy policy;
  private final ConsoleSessions sessions;
  private final String userHeader;

  /** What came of a look at a request. */
  enum Finding {
    /** He may read. */
    READER,
    /** Nobody has said who he is. */
    STRANGER,
    /** A proxy says who he is, and no key of that name may. */
    UNKNOWN_USER,
    /** There are no keys, and this is not the operator's own door. */
    WITHOUT_KEYS
  }

  /**
   * @param reader null unless he may read
   */
  record Entry(Finding finding, ConsoleReader reader) {}

  /**
   * @param userHeader in which a trusted proxy names the reader; empty for none
   */
  ConsoleAccess(LivePolicy policy, ConsoleSessions sessions, String userHeader) {
    this.policy = policy;
    this.sessions = sessions;
    this.userHeader = userHeader;
  }

  /** Who sent this request. */
  Entry enter(AdmittedRequest admitted) {
    HttpServerRequest request = admitted.context().request();
    ApiKeys keys = keys();
    if (keys.isOpen()) {
      return admitted.isOperator()
          ? new Entry(Finding.READER, ConsoleReader.OPERATOR)
          : new Entry(Finding.WITHOUT_KEYS, null);
    }
    String user = user(request);
    if (user != null) {
      ApiKey key = keys.named(user);
      return key == null || !key.may(Right.CONSOLE)
          ? new Entry(Finding.UNKNOWN_USER, null)
          : reader(key, false);
    }
    Cookie cookie = request.getCookie(COOKIE);
    ApiKey key = sessions.holder(cookie == null ? null : cookie.getValue(), keys);
    return key == null ? new Entry(Finding.STRANGER, null) : reader(key, true);
  }

  /** The keys that count now. */
  ApiKeys keys() {
    return policy.now().access().keys();
  }

  private static Entry reader(ApiKey key, boolean hasSession) {
    return new Entry(Finding.READER, ConsoleReader.of(key, hasSession));
  }

  /** Whom a trusted proxy names; null when none does. From others the header means nothing. */
  private String user(HttpServerRequest request) {
    if (userHeader.isEmpty() || !isFromProxy(request)) {
      return null;
    }
    String user = request.getHeader(userHeader);
    return user == null || user.isBlank() ? null : user.strip();
  }

  private boolean isFromProxy(HttpServerRequest request) {
    Access access = policy.now().access();
    return request.remoteAddress() != null
        && request.remoteAddress().hostAddress() != null
        && access.trustedProxies().contains(request.remoteAddress().hostAddress());
  }

  /** Gives the browser its note. */
  void logIn(HttpServerRequest request, ApiKey key) {
    set(request, sessions.begin(key), ConsoleSessions.LONGEST.toSeconds());
  }

  /** Takes it away. */
  void logOut(HttpServerRequest request) {
    set(request, "", 0);
  }

  private void set(HttpServerRequest request, String note, long seconds) {
    HttpServerResponse response = request.response();
    response.addCookie(
        Cookie.cookie(COOKIE, note)
            .setPath(PATH)
            .setHttpOnly(true)
            .setSameSite(CookieSameSite.STRICT)
            .setSecure(isSecure(request))
            .setMaxAge(seconds));
  }

  private boolean isSecure(HttpServerRequest request) {
    return request.isSSL()
        || (isFromProxy(request) && "https".equalsIgnoreCase(request.getHeader(FORWARDED_PROTO)));
  }

  /**
   * Whether a request was sent by a page of this server, or by no page at all: what another site
   * lets a browser send must do nothing here.
   */
  static boolean isFromHere(HttpServerRequest request) {
    String site = request.getHeader(FETCH_SITE);
    if (site != null) {
      return site.equals("same-origin") || site.equals("none");
    }
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin == null) {
      return true;
    }
    int host = origin.indexOf("://");
    return host > 0
        && request.authority() != null
        && origin
            .substring(host + 3)
            .toLowerCase(Locale.ROOT)
            .equals(request.authority().toString().toLowerCase(Locale.ROOT));
  }

  /** Whether the reader has followed a link on another site: then his browser keeps the note. */
  static boolean isFromElsewhere(HttpServerRequest request) {
    return "cross-site".equals(request.getHeader(FETCH_SITE));
  }
}
