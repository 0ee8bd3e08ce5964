// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One line for each notification. Printed on a worker thread, because a terminal may be stopped;
 * when it does not keep up, lines are left out.
 */
final class TerminalView {
  private static final int MAX_WAITING = 1000;
  private static final int TOKEN_SHOWN = 8;
  private static final int BODY_SHOWN = 400;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());

  private final Vertx vertx;
  private final PrintWriter out;
  private final AtomicInteger waiting = new AtomicInteger();

  TerminalView(Vertx vertx, PrintWriter out) {
    this.vertx = vertx;
    this.out = out;
  }

  void show(Notification notification) {
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      return;
    }
    vertx.<Void>executeBlocking(
        () -> {
          waiting.decrementAndGet();
          out.println(line(notification));
          out.flush();
          return null;
        });
  }

  /** Without control characters: what arrives must not steer a terminal. */
  static String line(Notification notification) {
    String answer = notification.status() == 0 ? "---" : Integer.toString(notification.status());
    return String.join(
            " ",
            TIME.format(notification.time()),
            notification.service().wireName(),
            answer,
            notification.reason().isEmpty() ? "accepted" : notification.reason(),
            what(notification),
            "(" + Effect.of(notification) + ")",
            cut(notification.body(), BODY_SHOWN))
        .replaceAll("\\p{Cntrl}+", " ");
  }

  private static String what(Notification notification) {
    if (notification.service() == Service.APNS) {
      return notification.headers().getOrDefault("apns-push-type", "-")
          + " "
          + notification.headers().getOrDefault("apns-topic", "-")
          + " to "
          + cut(ApnsRules.deviceToken(notification.path()), TOKEN_SHOWN);
    }
    Object body = Payloads.parse(notification.body()).orElse(null);
    String token =
        body instanceof JsonObject root
                && root.getValue("message") instanceof JsonObject message
                && message.getValue("token") instanceof String text
            ? text
            : "-";
    return "to " + cut(token, TOKEN_SHOWN);
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most) + "…";
  }
}
