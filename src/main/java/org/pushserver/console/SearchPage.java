// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.pushserver.dispatch.RunningApplications;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailPage;

/** The page that everything begins with: a box to search in, and what was found. */
final class SearchPage implements ConsolePage {
  private final Trail trail;
  private final RunningApplications applications;

  /**
   * @param form as it was sent
   * @param heading over what was found
   * @param callHref where the one call is shown that all of it belongs to; empty when there are
   *     several
   * @param hasRows whether anything was
   * @param isNothing whether it was looked for in vain
   * @param more where to go on, and in which words
   * @param notes what the reader should know of this search
   */
  private record Model(
      FormModel form,
      String heading,
      List<PushRow> rows,
      boolean hasRows,
      boolean isNothing,
      String callHref,
      boolean hasMore,
      List<Link> more,
      List<String> notes,
      List<String> faults) {}

  /** Where to go, in words. */
  record Link(String href, String text) {}

  /** What one of the searches has found. */
  private record Found(SearchForm.Probe probe, TrailPage page) {}

  SearchPage(Trail trail, RunningApplications applications) {
    this.trail = trail;
    this.applications = applications;
  }

  @Override
  public Future<View> view(ConsoleReader reader, MultiMap query) {
    SearchForm form = new SearchForm(query);
    if (!form.faults().isEmpty()) {
      return Future.succeededFuture(
          new View(400, "search", "Search", () -> model(form, reader, List.of())));
    }
    List<Future<Found>> searches =
        form.probes(reader.scope()).stream()
            .map(probe -> trail.search(probe.query()).map(page -> new Found(probe, page)))
            .toList();
    return Future.all(searches)
        .map(
            all ->
                new View(
                    200,
                    "search",
                    "Search",
                    () -> model(form, reader, searches.stream().map(Future::result).toList())));
  }

  private Model model(SearchForm form, ConsoleReader reader, List<Found> found) {
    List<Found> hits = found.stream().filter(one -> !one.page().entries().isEmpty()).toList();
    List<TrailEntry> entries = merged(hits);
    Set<String> notes = new LinkedHashSet<>();
    found.forEach(one -> notes.addAll(one.page().notes()));
    List<Link> more =
        hits.stream()
            .filter(one -> !one.page().next().isEmpty())
            .map(one -> more(form, one, hits.size() > 1))
            .toList();
    return new Model(
        FormModel.of(form, Console.PATH, applications, reader.scope()),
        form.faults().isEmpty() ? heading(form, hits, entries.size()) : "Not searched",
        entries.stream().map(PushRow::of).toList(),
        !entries.isEmpty(),
        entries.isEmpty() && form.faults().isEmpty() && !form.isEmpty(),
        form.isEmpty() ? "" : callHref(entries),
        !more.isEmpty(),
        more,
        notes.stream().map(Excerpt::line).toList(),
        form.faults());
  }

  /** A push may be found in more than one way. */
  private static List<TrailEntry> merged(List<Found> hits) {
    Map<UUID, TrailEntry> entries = new LinkedHashMap<>();
    hits.forEach(
        one -> one.page().entries().forEach(entry -> entries.putIfAbsent(entry.id(), entry)));
    List<TrailEntry> all = new ArrayList<>(entries.values());
    all.sort(Comparator.comparingLong(TrailEntry::at).reversed());
    return all;
  }

  private static String heading(SearchForm form, List<Found> hits, int count) {
    if (form.isEmpty()) {
      return count == 0 ? "No push so far" : "The newest pushes";
    }
    boolean more = hits.stream().anyMatch(one -> !one.page().next().isEmpty());
    String number =
        count == 0
            ? "Nothing found"
            : count == 1 && !more
                ? "1 push found"
                : count + (more ? " of more" : "") + " pushes found";
    if (form.value(SearchForm.BOX).isEmpty() || hits.isEmpty()) {
      return number;
    }
    return number
        + ", by "
        + String.join(" and by ", hits.stream().map(one -> one.probe().name()).toList());
  }

  private static String callHref(List<TrailEntry> entries) {
    List<String> calls = entries.stream().map(TrailEntry::callId).distinct().limit(2).toList();
    return calls.size() == 1 && !calls.get(0).isEmpty() ? PushRow.callHref(calls.get(0)) : "";
  }

  private static Link more(SearchForm form, Found found, boolean several) {
    SearchForm.Probe probe = found.probe();
    String href =
        probe.name().isEmpty()
            ? form.href(Console.PATH, SearchForm.CURSOR, found.page().next())
            : form.href(
                Console.PATH,
                SearchForm.BOX,
                "",
                probe.name(),
                probe.value(),
                SearchForm.CURSOR,
                found.page().next());
    return new Link(href, several ? "Older, by " + probe.name() : "Older");
  }
}
