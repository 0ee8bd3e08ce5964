// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pushserver.push.AppKey;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailPage;
import org.pushserver.trail.TrailQuery;

/** The page of a call: why each phone rang or did not, and the way of all its pushes. */
final class CallPage implements ConsolePage {
  /** A call to more devices is rare; the search shows the others. */
  private static final int MOST = 200;

  /** So many earlier pushes of the application tell whether others fare as badly. */
  private static final int BEFORE = 50;

  /** For so many applications of a call others are looked at. */
  private static final int APPLICATIONS = 10;

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
                    ? Future.succeededFuture(unknown(callId))
                    : before(trail, reader, page.entries())
                        .map(before -> view(callId, page, before)));
  }

  private static View unknown(String callId) {
    return Message.of(
        404,
        "No such call",
        "The trail has no push of the call "
            + Excerpt.of(callId).text()
            + ". Either no request for it reached this server, or its records have expired, or it"
            + " belongs to applications that this API key does not open. Look into the log of the"
            + " PBX: did it send a request?");
  }

  private static View view(String callId, TrailPage page, Map<AppKey, List<TrailEntry>> before) {
    return new View(
        200,
        "call",
        "Call " + Excerpt.of(callId).text(),
        () -> {
          List<TrailEntry> entries = new ArrayList<>(page.entries());
          entries.sort(Comparator.comparingLong(TrailEntry::at));
          List<PushDetails> pushes = new ArrayList<>();
          for (TrailEntry entry : entries) {
            pushes.add(PushDetails.of(entry, pushes.size() + 1, others(before, entry)));
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

  /** Those that ended before this one, newest first. */
  static List<TrailEntry> others(Map<AppKey, List<TrailEntry>> before, TrailEntry entry) {
    return before.getOrDefault(entry.app(), List.of()).stream()
        .filter(other -> !other.id().equals(entry.id()))
        .filter(other -> other.endedAt() != 0 && other.endedAt() <= end(entry))
        .limit(BEFORE)
        .toList();
  }

  private static long end(TrailEntry entry) {
    return entry.endedAt() == 0 ? Long.MAX_VALUE : entry.endedAt();
  }

  /** What ended of the same applications before the newest of these. */
  static Future<Map<AppKey, List<TrailEntry>>> before(
      Trail trail, ConsoleReader reader, List<TrailEntry> entries) {
    Map<AppKey, Future<TrailPage>> searches = new HashMap<>();
    for (TrailEntry entry : entries) {
      if (entry.app() != null && searches.size() < APPLICATIONS) {
        // One more, for the push itself is among them.
        searches.computeIfAbsent(
            entry.app(),
            app ->
                trail.search(TrailQuery.all(reader.scope(), 2 * BEFORE).of(app, entry.at() + 1)));
      }
    }
    return Future.all(List.copyOf(searches.values()))
        .map(
            all -> {
              Map<AppKey, List<TrailEntry>> before = new HashMap<>();
              searches.forEach((app, search) -> before.put(app, search.result().entries()));
              return before;
            });
  }
}
