// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Writes what arrived into the journal, and tells of it. One event loop. */
final class Recorder {
  private final Journal journal;
  private final List<Consumer<Notification>> told;
  private long tokenRequests;

  /**
   * @param told of each one that the journal keeps
   */
  Recorder(Journal journal, List<Consumer<Notification>> told) {
    this.journal = journal;
    this.told = List.copyOf(told);
  }

  /** How often an access token was asked for: these are no notifications. */
  long tokenRequests() {
    return tokenRequests;
  }

  /**
   * @param status of the answer; 0 when there is none
   */
  void record(Service service, Inbound request, int status, String reason) {
    if (service == Service.OAUTH) {
      tokenRequests++;
      return;
    }
    journal
        .add(service, status == 200, seq -> notification(seq, service, request, status, reason))
        .ifPresent(notification -> told.forEach(one -> one.accept(notification)));
  }

  private static Notification notification(
      long seq, Service service, Inbound request, int status, String reason) {
    return new Notification(
        seq,
        request.time(),
        service,
        request.connection(),
        request.httpVersion(),
        request.path(),
        headers(request),
        request.body().toString(StandardCharsets.UTF_8),
        status,
        reason);
  }

  private static Map<String, String> headers(Inbound request) {
    Map<String, String> headers = new HashMap<>();
    request
        .headers()
        .forEach(
            (name, value) -> {
              String key = name.toLowerCase(Locale.ROOT);
              headers.merge(
                  key,
                  key.equals("authorization") ? cut(value) : value,
                  (first, second) -> first + ", " + second);
            });
    return headers;
  }

  /** The scheme of an authorization; the rest is secret. */
  private static String cut(String authorization) {
    String[] parts = authorization.split("[ =]", 2);
    return parts.length == 2 ? parts[0] + " …" : "…";
  }
}
