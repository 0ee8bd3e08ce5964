// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.search;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.pushserver.api.Printable;
import org.pushserver.api.RequestRefused;
import org.pushserver.endpoint.AdmittedRequest;
import org.pushserver.endpoint.Page;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailPage;
import org.pushserver.trail.TrailQuery;
import org.pushserver.trail.TrailScope;

/** All that is known of one call. Any event loop. */
final class CallSearch {
  private static final String MORE =
      "Only the last %s of this call are shown; /v3/pushes?call-id= has all";

  private final Trail trail;
  private final SearchAccess access;

  CallSearch(Trail trail, SearchAccess access) {
    this.trail = trail;
    this.access = access;
  }

  void answer(AdmittedRequest request) {
    RoutingContext context = request.context();
    TrailScope scope = access.asker(request).scope();
    SearchFields.checkNone(context.queryParams());
    String callId = context.pathParam("call_id");
    TrailApi.answer(
        context,
        trail
            .search(TrailQuery.all(scope, TrailQuery.MOST).ofCall(callId))
            .compose(page -> page(context, scope, callId, page)));
  }

  private Future<Page> page(
      RoutingContext context, TrailScope scope, String callId, TrailPage page) {
    if (page.entries().isEmpty()) {
      // The same words whether there is none, or it is somebody else's.
      throw new RequestRefused(
          404,
          "There is no push of call-id %s that you may see%s"
              .formatted(
                  Printable.quote(callId),
                  page.notes().isEmpty() ? "" : ". " + String.join(". ", page.notes())));
    }
    List<TrailEntry> entries = new ArrayList<>(page.entries());
    entries.sort(Comparator.comparingLong(TrailEntry::at).thenComparing(TrailEntry::id));
    List<String> notes = new ArrayList<>(page.notes());
    if (!page.next().isEmpty()) {
      notes.add(MORE.formatted(entries.size()));
    }
    return CallCauses.explain(trail, scope, entries)
        .compose(
            causes ->
                context
                    .vertx()
                    .executeBlocking(() -> EntryWriter.call(callId, entries, causes, notes), false))
        .map(body -> new Page(200, AnswerFormat.JSON.type(), body));
  }
}
