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
    RoutingContext context = request.context();
    SearchAccess.Asker asker = access.asker(request);
    TrailQuery filter = SearchFields.ofEvents(context.queryParams()).query(asker.scope());
    if (context.request().method().equals(HttpMethod.HEAD)) {
      EventReader.head(context.response()).end();
      return;
    }
    EventReader reader = new EventReader(request, asker, filter, access, time);
    enter(reader, asker);
    reader.begin(trail, () -> leave(reader, asker));
  }

  private synchronized void enter(EventReader reader, SearchAccess.Asker asker) {
    int ofKey = byKey.getOrDefault(asker.name(), 0);
    if (closed) {
      throw new RequestRefused(503, Refused.CROWDED, "The server is shutting down");
    }
    if (readers.size() >= MOST) {
      throw new RequestRefused(
          503, Refused.CROWDED, "There are " + MOST + " readers already, which is the most");
    }
    if (asker.key() != null && ofKey >= MOST_OF_ONE) {
      throw new RequestRefused(
          429, "This API key has " + MOST_OF_ONE + " readers already, which is the most");
    }
    byKey.put(asker.name(), ofKey + 1);
    readers.add(reader);
  }

  private synchronized void leave(EventReader reader, SearchAccess.Asker asker) {
    if (readers.remove(reader)) {
      byKey.computeIfPresent(asker.name(), (name, count) -> count == 1 ? null : count - 1);
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
