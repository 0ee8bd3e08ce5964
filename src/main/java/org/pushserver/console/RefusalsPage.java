// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.pushserver.spi.Time;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailPage;
import org.pushserver.trail.TrailQuery;

/** The page of requests that were refused at the door, by the address that they came from. */
final class RefusalsPage implements ConsolePage {
  private static final Duration RECENT = Duration.ofDays(1);

  /** Of each address; the others are counted. */
  private static final int ROWS = 10;

  private static final int REASONS = 3;
  private static final int ADDRESSES = 100;

  private final Trail trail;
  private final Time time;

  /**
   * @param isPart whether there were more than were looked at
   */
  private record Model(
      List<Sender> senders,
      boolean isNothing,
      boolean isPart,
      int count,
      String searchHref,
      List<String> notes) {}

  /**
   * Who was refused.
   *
   * @param rows the newest
   */
  private record Sender(
      Excerpt address, int count, Moment last, List<Counted> reasons, List<PushRow> rows) {}

  /** A reason, and how often it came. */
  private record Counted(Excerpt reason, String code, int count) {}

  RefusalsPage(Trail trail, Time time) {
    this.trail = trail;
    this.time = time;
  }

  @Override
  public Future<View> view(ConsoleReader reader, MultiMap query) {
    TrailQuery refused =
        new TrailQuery(
            reader.scope(),
            null,
            "",
            "",
            "",
            0,
            "",
            "",
            EnumSet.of(TrailEnd.NOT_LET_IN),
            "",
            time.now() - RECENT.toMillis(),
            Long.MAX_VALUE,
            "",
            TrailQuery.MOST);
    return trail
        .search(refused)
        .map(page -> new View(200, "refusals", "Refused requests", () -> model(page)));
  }

  private static Model model(TrailPage page) {
    Map<String, List<TrailEntry>> byAddress = new LinkedHashMap<>();
    for (TrailEntry entry : page.entries()) {
      byAddress.computeIfAbsent(address(entry), address -> new ArrayList<>()).add(entry);
    }
    List<Sender> senders =
        byAddress.entrySet().stream()
            .map(one -> sender(one.getKey(), one.getValue()))
            .sorted(Comparator.comparingInt(Sender::count).reversed())
            .limit(ADDRESSES)
            .toList();
    return new Model(
        senders,
        senders.isEmpty(),
        !page.next().isEmpty() || byAddress.size() > ADDRESSES,
        page.entries().size(),
        SearchForm.address(
            Console.PATH, Map.of(SearchForm.OUTCOME, Outcomes.word(TrailEnd.NOT_LET_IN))),
        page.notes().stream().map(Excerpt::line).toList());
  }

  /** Without the name of the key. */
  private static String address(TrailEntry entry) {
    int space = entry.sender().indexOf(' ');
    return space < 0 ? entry.sender() : entry.sender().substring(0, space);
  }

  /**
   * One of them.
   *
   * @param entries newest first
   */
  private static Sender sender(String address, List<TrailEntry> entries) {
    Map<String, List<TrailEntry>> byReason =
        entries.stream()
            .collect(
                Collectors.groupingBy(
                    entry -> entry.code() + " " + entry.reason(),
                    LinkedHashMap::new,
                    Collectors.toList()));
    return new Sender(
        Excerpt.of(address),
        entries.size(),
        Moment.of(entries.get(0).at()),
        byReason.values().stream()
            .map(
                same ->
                    new Counted(
                        Excerpt.of(same.get(0).reason(), 120),
                        Integer.toString(same.get(0).code()),
                        same.size()))
            .sorted(Comparator.comparingInt(Counted::count).reversed())
            .limit(REASONS)
            .toList(),
        entries.stream().limit(ROWS).map(PushRow::of).toList());
  }
}
