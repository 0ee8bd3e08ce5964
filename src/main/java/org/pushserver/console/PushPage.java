// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Set;
import org.pushserver.cause.Explanation;
import org.pushserver.search.CallCauses;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailQuery;

/** The page of one push: it is found by the moment at which it came, and its number. */
final class PushPage implements ConsolePage {
  private final Trail trail;

  private record Model(PushDetails push, List<LadderStep> ladder, List<String> notes) {}

  PushPage(Trail trail) {
    this.trail = trail;
  }

  @Override
  public Future<View> view(ConsoleReader reader, MultiMap query) {
    String id = value(query, "id");
    String at = value(query, "at");
    if (id.isEmpty() || !at.matches("[0-9]{1,15}")) {
      return Future.succeededFuture(
          Message.of(400, "No push named", "The address must name a push: ?id=…&at=…"));
    }
    return trail
        .search(query(reader, value(query, SearchForm.CALL_ID), Long.parseLong(at)))
        .compose(
            page ->
                page.entries().stream()
                    .filter(entry -> entry.id().toString().equals(id))
                    .findFirst()
                    .map(entry -> found(reader, entry, page.notes()))
                    .orElseGet(() -> Future.succeededFuture(unknown(page.notes()))));
  }

  private static String value(MultiMap query, String name) {
    String value = query.get(name);
    return value == null ? "" : value;
  }

  private static TrailQuery query(ConsoleReader reader, String callId, long at) {
    return new TrailQuery(
        reader.scope(),
        null,
        callId,
        "",
        "",
        0,
        "",
        "",
        Set.of(),
        "",
        at,
        at + 1,
        "",
        TrailQuery.MOST);
  }

  private Future<View> found(ConsoleReader reader, TrailEntry entry, List<String> notes) {
    return CallCauses.explain(trail, reader.scope(), List.of(entry))
        .map(causes -> view(entry, causes.get(0), notes));
  }

  private static View view(TrailEntry entry, Explanation cause, List<String> notes) {
    return new View(
        200,
        "push",
        "Push " + Moment.of(entry.at()).utc(),
        () ->
            new Model(
                PushDetails.of(entry, 1, cause),
                Ladder.of(List.of(entry)),
                notes.stream().map(Excerpt::line).toList()));
  }

  private static View unknown(List<String> notes) {
    return Message.notFound(
        "No such push",
        "The trail has no such push. Either its record has expired, or it belongs to an application"
            + " that this API key does not open.",
        notes);
  }
}
