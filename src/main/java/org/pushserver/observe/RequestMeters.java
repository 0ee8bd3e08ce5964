// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.pushserver.endpoint.PathTable;
import org.pushserver.events.RefusedRequest;

/**
 * What is counted at the door: requests by path and status, those that were refused and why, and
 * who is inside. No request can make it grow. Any thread.
 */
public final class RequestMeters {
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
    /** No such account has registered, or no such device of it. */
    DEVICE,
    /** Stored tokens cannot be read, or written. */
    STORE,
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
  private final LongAdder waiting = new LongAdder();
  private final Counter connectionsRefused;
  private final Counter gone;

  /** Null when there is none. */
  private volatile Consumer<RefusedRequest> reader;

  /**
   * @param registry what shows the counts
   */
  public RequestMeters(MeterRegistry registry) {
    this.registry = registry;
    this.connectionsRefused =
        Counter.builder("pushserver.client.connections.refused")
            .description("Connections of callers that were closed because of max_clients")
            .register(registry);
    this.gone =
        Counter.builder("pushserver.callers.gone")
            .description(
                "Callers that went away before their answer, where that cancels their ring")
            .register(registry);
    begin();
    Gauge.builder("pushserver.callers.waiting", waiting, LongAdder::sum)
        .description("Requests whose push has not ended yet, so that their caller waits")
        .strongReference(true)
        .register(registry);
  }

  /** Shows these from the start on, so that the first one is seen as an increase. */
  private void begin() {
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
   * Shows how many connections of callers there are, and how many there may be.
   *
   * @param open tells their number; any thread
   * @param limit tells what it may be now; any thread
   */
  public void connections(IntSupplier open, IntSupplier limit) {
    Gauge.builder("pushserver.client.connections.limit", limit, IntSupplier::getAsInt)
        .description("Connections of callers that may be open")
        .strongReference(true)
        .register(registry);
    Gauge.builder("pushserver.client.connections", open, IntSupplier::getAsInt)
        .description("Open connections of callers")
        .strongReference(true)
        .register(registry);
  }

  /** A connection was one too many. */
  public void connectionRefused() {
    connectionsRefused.increment();
  }

  /** A caller went away before its answer, and its ring is not wanted any more. */
  public void callerGone() {
    gone.increment();
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
   * Counts the answers at the paths that there are.
   *
   * @param paths of the door's endpoints, the most frequent first
   */
  public AnsweredRequests answered(List<String> paths) {
    return new AnsweredRequests(registry, new PathTable(paths));
  }

  /** A request ended at the door; its answer is counted by itself. */
  public void refused(int status, Refused why, Supplier<RefusedRequest> what) {
    Consumer<RefusedRequest> told = reader;
    if (told != null) {
      told.accept(what.get());
    }
    refused(status, why);
  }

  /** Tells somebody of each request that is refused from now on, on its event loop. */
  public void tell(Consumer<RefusedRequest> newReader) {
    reader = newReader;
  }

  private void refused(int status, Refused why) {
    counter(status, why).increment();
  }

  private Counter counter(int status, Refused why) {
    return Counter.builder("pushserver.requests.refused")
        .description("Requests that ended at the door and did not become a push")
        .tags("status", Integer.toString(status), "reason", why.name().toLowerCase(Locale.ROOT))
        .register(registry);
  }
}
