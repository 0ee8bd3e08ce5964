// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailPage;
import org.pushserver.trail.TrailScope;

/**
 * What the searches of a form have found, together. Immutable.
 *
 * @param hits those that found something
 * @param notes what the reader should know, each once
 */
record Findings(List<Hit> hits, List<String> notes) {
  /** Of a form that is not searched for. */
  private static final Findings NONE = new Findings(List.of(), List.of());

  /** What two entries of one push differ in: a server of a cluster that goes on with it. */
  private record Key(UUID id, String node) {}

  /** A search, and what it found. */
  record Hit(SearchForm.Probe probe, TrailPage page) {
    boolean hasMore() {
      return !page.next().isEmpty();
    }
  }

  /** Searches; completes on the caller's context. */
  static Future<Findings> search(Trail trail, List<SearchForm.Probe> probes) {
    List<Future<Hit>> searches =
        probes.stream()
            .map(probe -> trail.search(probe.query()).map(page -> new Hit(probe, page)))
            .toList();
    return Future.all(searches).map(all -> of(all.<Hit>list()));
  }

  /** What a page says of findings, with its HTTP status. */
  @FunctionalInterface
  interface Shown {
    ConsolePage.View view(int status, Findings found);
  }

  /**
   * The page of what a form finds; of nothing when the form is wrong. Completes on the caller's
   * context.
   *
   * @param rows entries that each search finds at the most
   */
  static Future<ConsolePage.View> shown(
      Trail trail, SearchForm form, TrailScope scope, int rows, Shown page) {
    return form.faults().isEmpty()
        ? search(trail, form.probes(scope, rows)).map(found -> page.view(200, found))
        : Future.succeededFuture(page.view(400, NONE));
  }

  private static Findings of(List<Hit> all) {
    Set<String> notes = new LinkedHashSet<>();
    all.forEach(hit -> hit.page().notes().forEach(note -> notes.add(Excerpt.line(note))));
    return new Findings(
        all.stream().filter(hit -> !hit.page().entries().isEmpty()).toList(), List.copyOf(notes));
  }

  /** All entries, newest first, each once: one may be found in more than one way. */
  List<TrailEntry> entries() {
    Map<Key, TrailEntry> entries = new LinkedHashMap<>();
    hits.forEach(
        hit ->
            hit.page()
                .entries()
                .forEach(entry -> entries.putIfAbsent(new Key(entry.id(), entry.node()), entry)));
    List<TrailEntry> all = new ArrayList<>(entries.values());
    all.sort(Comparator.comparingLong(TrailEntry::at).reversed());
    return all;
  }

  /** Whether there is more than was found. */
  boolean hasMore() {
    return hits.stream().anyMatch(Hit::hasMore);
  }
}
