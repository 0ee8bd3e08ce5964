// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.pushserver.cause.Explanation;
import org.pushserver.search.CallCauses;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailPage;
import org.pushserver.trail.TrailQuery;

/** The page of a call: why each phone rang or did not, and the way of all its pushes. */
final class CallPage implements ConsolePage {
  /** A call to more devices is rare; the search shows the others. */
  private static final int MOST = 200;

  private final Trail trail;

  /**
   * @param callId of all of them
   * @param pushes oldest first
   * @param searchHref where the rest is; empty when this is all
   */
  private record Model(
      Excerpt callId,
      List<PushDetails> pushes,
      boolean isSeveral,
      List<LadderStep> ladder,
      List<String> notes,
      String searchHref) {}

  CallPage(Trail trail) {
    this.trail = trail;
  }

  @Override
  public Future<View> view(ConsoleReader reader, MultiMap query) {
    String callId = query.get(SearchForm.CALL_ID);
    if (callId == null || callId.isEmpty()) {
      return Future.succeededFuture(
          Message.of(400, "No call named", "The address must name a call: ?call-id=…"));
    }
    return trail
        .search(TrailQuery.all(reader.scope(), MOST).ofCall(callId))
        .compose(
            page ->
                page.entries().isEmpty()
                    ? Future.succeededFuture(unknown(callId, page.notes()))
                    : explained(reader, callId, page));
  }

  private Future<View> explained(ConsoleReader reader, String callId, TrailPage page) {
    List<TrailEntry> entries =
        page.entries().stream().sorted(Comparator.comparingLong(TrailEntry::at)).toList();
    return CallCauses.explain(trail, reader.scope(), entries)
        .map(causes -> view(callId, page, entries, causes));
  }

  private static View unknown(String callId, List<String> notes) {
    return Message.notFound(
        "No such call",
        "The trail has no push of the call "
            + Excerpt.of(callId).text()
            + ". Either no request for it reached this server, or its records have expired, or it"
            + " belongs to applications that this API key does not open. Look into the log of the"
            + " PBX: did it send a request?",
        notes);
  }

  private static View view(
      String callId, TrailPage page, List<TrailEntry> entries, List<Explanation> causes) {
    return new View(
        200,
        "call",
        "Call " + Excerpt.of(callId).text(),
        () -> {
          List<PushDetails> pushes = new ArrayList<>();
          for (TrailEntry entry : entries) {
            int number = pushes.size();
            pushes.add(PushDetails.of(entry, number + 1, causes.get(number)));
          }
          return new Model(
              Excerpt.of(callId),
              pushes,
              pushes.size() > 1,
              Ladder.of(entries),
              page.notes().stream().map(Excerpt::line).toList(),
              page.next().isEmpty()
                  ? ""
                  : SearchForm.address(Console.PATH, Map.of(SearchForm.CALL_ID, callId)));
        });
  }
}
