// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.pushserver.api.CallerCheck;
import org.pushserver.api.RateLimit;
import org.pushserver.config.ApiKey;
import org.pushserver.config.Rate;
import org.pushserver.config.Right;
import org.pushserver.endpoint.AdmittedRequest;
import org.pushserver.observe.LoginMeters;
import org.pushserver.observe.LoginMeters.Result;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The page on which a reader shows his API key, and what is done with it. Event loops. */
final class LoginPage {
  private static final Logger LOG = LoggerFactory.getLogger(LoginPage.class);

  /** Nobody guesses a key; this is for who tries all the same, and fills the log with it. */
  private static final Rate ATTEMPTS = new Rate(1, 10);

  private static final String TO = "to";
  private static final int LONGEST_TO = 4000;
  private static final int LONGEST_FORM = 16 * 1024;

  /** A page of the console, and nothing that a browser could take for another server. */
  private static final Pattern OURS =
      Pattern.compile("/console(?:/[a-z]+)?(?:\\?[A-Za-z0-9._~%+&=*-]*)?");

  private final Console console;
  private final ConsoleAccess access;
  private final Time time;
  private final LoginMeters meters;
  private final RateLimit attempts;

  /**
   * @param to where to go then
   * @param fault what was wrong with the last attempt; empty for none
   * @param goesOn whether the browser should ask for that page at once: it may be logged in
   */
  private record Model(String to, String fault, boolean goesOn) {}

  LoginPage(Console console, ConsoleAccess access, Time time, LoginMeters meters) {
    this.console = console;
    this.meters = meters;
    this.access = access;
    this.time = time;
    attempts = new RateLimit(ATTEMPTS, time.nanos());
  }

  /** Where a reader logs in who has asked for a page. */
  static String address(HttpServerRequest request) {
    return SearchForm.address(Console.LOGIN, Map.of(TO, ours(request.uri())));
  }

  private static String ours(String address) {
    return address != null
            && address.length() <= LONGEST_TO
            && OURS.matcher(address).matches()
            // Whoever is logged in already would be sent from the one to the other without end.
            && !address.startsWith(Console.LOGIN)
            && !address.startsWith(Console.LOGOUT)
        ? address
        : Console.PATH;
  }

  /** Shows it. */
  void show(AdmittedRequest request) {
    HttpServerRequest http = request.context().request();
    String to = ours(http.getParam(TO));
    ConsoleAccess.Entry entry = access.enter(request);
    if (entry.finding() != ConsoleAccess.Finding.STRANGER) {
      // The page itself says what is to be said.
      Console.redirect(request.context(), to);
      return;
    }
    // A browser sends no note along when a link on another site leads here.
    show(request.context(), 200, new Model(to, "", ConsoleAccess.isFromElsewhere(http)));
  }

  private void show(RoutingContext context, int status, Model model) {
    console.show(context, null, new ConsolePage.View(status, "login", "Log in", () -> model));
  }

  /** Takes a key. */
  void logIn(AdmittedRequest request) {
    RoutingContext context = request.context();
    Map<String, List<String>> form = form(request.body());
    String to = ours(first(form, TO));
    if (!ConsoleAccess.isFromHere(context.request())) {
      meters.count(Result.OTHER_SITE);
      refuse(context, 403, to, "Another site sent this. Log in on this page.");
      return;
    }
    if (access.keys().isOpen()) {
      Console.redirect(context, to);
      return;
    }
    long now = time.nanos();
    attempts.sweep(now);
    long wait = attempts.take(request.address(), now);
    if (wait > 0) {
      meters.count(Result.TOO_MANY);
      long seconds = TimeUnit.NANOSECONDS.toSeconds(wait) + 1;
      context.response().putHeader("retry-after", Long.toString(seconds));
      refuse(context, 429, to, "Too many attempts. Try again in " + seconds + " s.");
      return;
    }
    ApiKey key = new CallerCheck(time).key(first(form, "key").strip(), access.keys());
    if (key == null || !key.may(Right.CONSOLE)) {
      LOG.warn(
          "console: somebody at {} tried to log in with {}",
          request.address(),
          key == null ? "an unknown key" : "the key " + key + ", which has no right 'console'");
      meters.count(key == null ? Result.UNKNOWN_KEY : Result.NO_RIGHT);
      refuse(context, key == null ? 401 : 403, to, fault(key));
      return;
    }
    LOG.info("console: {} has logged in from {}", key, request.address());
    meters.count(Result.LET_IN);
    access.logIn(context.request(), key);
    Console.redirect(context, to);
  }

  private static String fault(ApiKey key) {
    return key == null
        ? "This key is not known."
        : "This key is known, but may not log in: its line in the file of keys lacks the right"
            + " 'console'.";
  }

  private void refuse(RoutingContext context, int status, String to, String fault) {
    show(context, status, new Model(to, fault, false));
  }

  private static Map<String, List<String>> form(byte[] body) {
    if (body.length > LONGEST_FORM) {
      return Map.of();
    }
    try {
      return new QueryStringDecoder(new String(body, StandardCharsets.UTF_8), false).parameters();
    } catch (IllegalArgumentException e) {
      return Map.of();
    }
  }

  private static String first(Map<String, List<String>> form, String name) {
    List<String> values = form.getOrDefault(name, List.of());
    return values.isEmpty() ? "" : values.get(0);
  }

  /** Takes the note away again. */
  void logOut(AdmittedRequest request) {
    RoutingContext context = request.context();
    if (ConsoleAccess.isFromHere(context.request())) {
      access.logOut(context.request());
      Console.redirect(context, Console.LOGIN);
    } else {
      refuse(context, 403, Console.PATH, "Another site sent this.");
    }
  }
}
