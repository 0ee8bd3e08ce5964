// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.search;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pushserver.api.RequestRefused;
import org.pushserver.endpoint.AdmittedRequest;
import org.pushserver.observe.RequestMeters.Refused;
import org.pushserver.spi.Time;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailQuery;

/**
 * Pushes as they end, told to whoever stays connected: a bounded number of readers, of all and of
 * each key. Any thread.
 */
final class EventFeed {
  static final int MOST = 32;
  static final int MOST_OF_ONE = 8;

  private final Trail trail;
  private final SearchAccess access;
  private final Time time;
  private final Set<EventReader> readers = new HashSet<>();
  private final Map<String, Integer> byKey = new HashMap<>();
  private boolean closed;

  EventFeed(Trail trail, SearchAccess access, Time time) {
    this.trail = trail;
    this.access = access;
    this.time = time;
  }

  void answer(AdmittedRequest request) {
    SearchAccess.Asker asker = access.asker(request);
    TrailQuery filter = SearchFields.ofEvents(request.context().queryParams()).query(asker.scope());
    follow(
        request,
        new EventSubscription(
            asker.name(),
            asker.scope(),
            filter::fits,
            EntryWriter::json,
            () -> access.isStill(asker)));
  }

  /**
   * Tells somebody what comes, for as long as he stays.
   *
   * @throws RequestRefused when there are too many of them
   */
  void follow(AdmittedRequest request, EventSubscription wanted) {
    RoutingContext context = request.context();
    if (context.request().method().equals(HttpMethod.HEAD)) {
      EventReader.head(context.response()).end();
      return;
    }
    EventReader reader = new EventReader(request, wanted, access::idleMs, time);
    enter(reader, wanted.name());
    reader.begin(trail, () -> leave(reader, wanted.name()));
  }

  private synchronized void enter(EventReader reader, String key) {
    int ofKey = byKey.getOrDefault(key, 0);
    if (closed) {
      throw new RequestRefused(503, Refused.CROWDED, "The server is shutting down");
    }
    if (readers.size() >= MOST) {
      throw new RequestRefused(
          503, Refused.CROWDED, "There are " + MOST + " readers already, which is the most");
    }
    if (!key.isEmpty() && ofKey >= MOST_OF_ONE) {
      throw new RequestRefused(
          429, "This API key has " + MOST_OF_ONE + " readers already, which is the most");
    }
    byKey.put(key, ofKey + 1);
    readers.add(reader);
  }

  private synchronized void leave(EventReader reader, String key) {
    if (readers.remove(reader)) {
      byKey.computeIfPresent(key, (name, count) -> count == 1 ? null : count - 1);
    }
  }

  /** Ends all readers, and takes no more. */
  void close() {
    List<EventReader> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(readers);
    }
    all.forEach(EventReader::end);
  }
}
