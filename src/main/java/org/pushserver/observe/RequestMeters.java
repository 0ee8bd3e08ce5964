// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;

/**
 * What is counted at the door: requests by path and status, those that were refused and why, and
 * who is inside. Paths are those that exist, so no request can make it grow. Any thread.
 */
public final class RequestMeters {
  /** The most frequent first. */
  private static final List<String> PATHS =
      List.of(
          "/push", "/metrics", "/health/ready", "/health/live", "/", "/openapi.json", "/docs", "");

  /** All that is asked for and does not exist. */
  private static final String OTHER = "other";

  private static final int STATUSES = 600;

  /** Why a request ended at the door, in one word. */
  public enum Refused {
    /** The caller's address is not on the list. */
    ADDRESS,
    /** No API key, or one that is not known. */
    KEY,
    /** The API key may not send for this application. */
    KEY_SCOPE,
    /** Too many requests of one caller. */
    RATE,
    /** No such application is configured. */
    APPLICATION,
    /** Nothing is under the path. */
    PATH,
    /** The path exists, but not for the method. */
    METHOD,
    /** A field is missing or wrong, or the request is no HTTP or no JSON. */
    MALFORMED,
    /** Longer than allowed: body, headers or request line. */
    TOO_LONG,
    /** It did not arrive in time. */
    SLOW,
    /** Too much was arriving at once. */
    CROWDED,
    /** Anything else. */
    OTHER
  }

  private final MeterRegistry registry;
  private final AtomicReferenceArray<Counter> answered =
      new AtomicReferenceArray<>(PATHS.size() * STATUSES);
  private final LongAdder waiting = new LongAdder();
  private final Counter connectionsRefused;

  /**
   * @param registry what shows the counts
   */
  public RequestMeters(MeterRegistry registry) {
    this.registry = registry;
    this.connectionsRefused =
        Counter.builder("pushserver.client.connections.refused")
            .description("Connections of callers that were closed because of max_clients")
            .register(registry);
    begin();
    Gauge.builder("pushserver.callers.waiting", waiting, LongAdder::sum)
        .description("Requests whose push has not ended yet, so that their caller waits")
        .strongReference(true)
        .register(registry);
  }

  /** Shows these from the start on, so that the first one is seen as an increase. */
  private void begin() {
    Counter unused = counter(PATHS.indexOf("/push") * STATUSES + 500);
    begin(Refused.ADDRESS, 403);
    begin(Refused.KEY, 401);
    begin(Refused.KEY_SCOPE, 403);
    begin(Refused.RATE, 429);
    begin(Refused.APPLICATION, 404);
    begin(Refused.PATH, 404);
    begin(Refused.METHOD, 405);
    begin(Refused.MALFORMED, 400, 415);
    begin(Refused.TOO_LONG, 413, 414, 431);
    begin(Refused.SLOW, 408);
    begin(Refused.CROWDED, 503);
  }

  private void begin(Refused why, int... statuses) {
    for (int status : statuses) {
      Counter unused = counter(status, why);
    }
  }

  /**
   * Shows how many connections of callers there are.
   *
   * @param open tells their number; any thread
   */
  public void connections(IntSupplier open) {
    Gauge.builder("pushserver.client.connections", open, IntSupplier::getAsInt)
        .description("Open connections of callers")
        .strongReference(true)
        .register(registry);
  }

  /** A connection was one too many. */
  public void connectionRefused() {
    connectionsRefused.increment();
  }

  /**
   * More callers wait for the end of their push, or fewer.
   *
   * @param difference 1 or -1
   */
  public void waiting(int difference) {
    waiting.add(difference);
  }

  /**
   * A request was answered.
   *
   * @param path as it was asked for; null when it could not be read
   */
  public void answered(String path, int status) {
    int at = index(path) * STATUSES + (status >= 100 && status < STATUSES ? status : 0);
    Counter counter = answered.get(at);
    if (counter == null) {
      // The registry gives the same meter for the same labels.
      counter = counter(at);
      answered.set(at, counter);
    }
    counter.increment();
  }

  private static int index(String path) {
    int last = PATHS.size() - 1;
    for (int i = 0; i < last; i++) {
      if (PATHS.get(i).equals(path)) {
        return i;
      }
    }
    return last;
  }

  private Counter counter(int at) {
    String path = PATHS.get(at / STATUSES);
    return Counter.builder("pushserver.requests")
        .description("Requests that were answered")
        .tags(
            "path",
            path.isEmpty() ? OTHER : path,
            "status",
            at % STATUSES == 0 ? OTHER : Integer.toString(at % STATUSES))
        .register(registry);
  }

  /** A request ended at the door; its answer is counted by itself. */
  public void refused(int status, Refused why) {
    counter(status, why).increment();
  }

  private Counter counter(int status, Refused why) {
    return Counter.builder("pushserver.requests.refused")
        .description("Requests that ended at the door and did not become a push")
        .tags("status", Integer.toString(status), "reason", why.name().toLowerCase(Locale.ROOT))
        .register(registry);
  }
}
