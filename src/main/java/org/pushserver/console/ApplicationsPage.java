// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.pushserver.cluster.NodeReport;
import org.pushserver.dispatch.ApplicationSnapshot;
import org.pushserver.dispatch.DisabledSection;
import org.pushserver.dispatch.RunningApplications;
import org.pushserver.push.AppKey;
import org.pushserver.spi.Time;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailPage;
import org.pushserver.trail.TrailQuery;

/**
 * The page of the applications: whether each can send, when its credentials end, how its pushes
 * fare, and what was refused last.
 */
final class ApplicationsPage implements ConsolePage {
  private static final Duration RECENT = Duration.ofMinutes(5);
  private static final Duration DAY = Duration.ofDays(1);

  private static final Set<TrailEnd> REFUSALS =
      EnumSet.of(TrailEnd.REFUSED, TrailEnd.DEAD_TOKEN, TrailEnd.EXPIRED, TrailEnd.OVERLOADED);

  /** Null when it is off. */
  private final Trail trail;

  private final RunningApplications applications;

  /** Null without a cluster. */
  private final Supplier<List<NodeReport>> nodes;

  private final Time time;

  private record Model(
      List<ApplicationModel> applications,
      boolean isNothing,
      boolean hasTrail,
      List<Disabled> disabled,
      boolean hasDisabled,
      List<ServerModel> servers,
      boolean hasServers,
      List<String> notes) {}

  /** A section that no application runs from. */
  private record Disabled(Excerpt section, String reason) {}

  /**
   * What the trail says.
   *
   * @param recent all that came a moment ago
   * @param refused what was refused within a day
   */
  private record Looked(TrailPage recent, TrailPage refused) {
    static final Looked AT_NOTHING =
        new Looked(
            new TrailPage(List.of(), "", List.of()), new TrailPage(List.of(), "", List.of()));
  }

  ApplicationsPage(Console.Sources sources, Time time) {
    this.trail = sources.trail();
    this.applications = sources.applications();
    this.nodes = sources.nodes();
    this.time = time;
  }

  @Override
  public Future<View> view(ConsoleReader reader, MultiMap query) {
    long now = time.now();
    return applications
        .snapshots()
        .compose(
            snapshots ->
                look(reader, now)
                    .map(
                        looked ->
                            new View(
                                200,
                                "applications",
                                "Applications",
                                () -> model(reader, snapshots, looked, now))));
  }

  private Future<Looked> look(ConsoleReader reader, long now) {
    if (trail == null) {
      return Future.succeededFuture(Looked.AT_NOTHING);
    }
    return trail
        .search(since(reader, now - RECENT.toMillis(), Set.of()))
        .compose(
            recent ->
                trail
                    .search(since(reader, now - DAY.toMillis(), REFUSALS))
                    .map(refused -> new Looked(recent, refused)));
  }

  private static TrailQuery since(ConsoleReader reader, long from, Set<TrailEnd> ends) {
    return new TrailQuery(
        reader.scope(),
        null,
        "",
        "",
        "",
        0,
        "",
        "",
        ends,
        "",
        from,
        Long.MAX_VALUE,
        "",
        TrailQuery.MOST);
  }

  private Model model(
      ConsoleReader reader, List<ApplicationSnapshot> snapshots, Looked looked, long now) {
    Map<AppKey, ApplicationSnapshot> measured = new HashMap<>();
    snapshots.forEach(one -> measured.put(one.status().application().key(), one));
    Map<AppKey, List<TrailEntry>> recent = byApplication(looked.recent());
    Map<AppKey, List<TrailEntry>> refused = byApplication(looked.refused());
    long window = window(looked.recent(), now);
    List<ApplicationModel> shown =
        applications.statuses().stream()
            .filter(status -> reader.scope().sees(status.application().key()))
            .map(
                status -> {
                  AppKey key = status.application().key();
                  return ApplicationModel.of(
                      status,
                      measured.get(key),
                      recent.getOrDefault(key, List.of()),
                      window,
                      refused.getOrDefault(key, List.of()),
                      now);
                })
            .toList();
    List<Disabled> disabled =
        applications.disabled().stream()
            .filter(section -> sees(reader, section))
            .map(
                section ->
                    new Disabled(Excerpt.of(section.section()), Excerpt.line(section.reason())))
            .toList();
    List<ServerModel> servers =
        nodes == null ? List.of() : nodes.get().stream().map(ServerModel::of).toList();
    return new Model(
        shown,
        shown.isEmpty(),
        trail != null,
        disabled,
        !disabled.isEmpty(),
        servers,
        !servers.isEmpty(),
        looked.refused().notes().stream().map(Excerpt::line).toList());
  }

  private static boolean sees(ConsoleReader reader, DisabledSection section) {
    return section.key().map(reader.scope()::sees).orElse(reader.seesAll());
  }

  private static Map<AppKey, List<TrailEntry>> byApplication(TrailPage page) {
    return page.entries().stream()
        .filter(entry -> entry.app() != null)
        .collect(Collectors.groupingBy(TrailEntry::app));
  }

  /** How far back was looked, in milliseconds: less when very many came. */
  private static long window(TrailPage recent, long now) {
    List<TrailEntry> entries = recent.entries();
    return recent.next().isEmpty() || entries.isEmpty()
        ? RECENT.toMillis()
        : Math.max(1000, now - entries.get(entries.size() - 1).at());
  }
}
