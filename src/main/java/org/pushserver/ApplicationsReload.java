// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.pushserver.config.Settings;
import org.pushserver.dispatch.Catalog;
import org.pushserver.dispatch.DisabledSection;
import org.pushserver.dispatch.Fleet;
import org.pushserver.dispatch.PreparedApplications;
import org.pushserver.dispatch.ServiceExtension;
import org.pushserver.events.Application;
import org.pushserver.events.ApplicationListener;
import org.pushserver.plugin.Plugins;
import org.pushserver.push.AppKey;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which applications run, and what each was made from: knows what to touch when the configuration
 * has changed, and leaves all else alone. What is wrong keeps its last good version.
 *
 * <p>One call at a time, on any thread.
 */
final class ApplicationsReload {
  private static final Logger LOG = LoggerFactory.getLogger(ApplicationsReload.class);
  private static final int NAMED = 5;

  /** An application that runs, as it was configured, and the plugins that were there then. */
  private record Entry(AppConfig config, Plugins plugins) {}

  private record Plan(
      Plugins plugins, Catalog catalog, PreparedApplications prepared, Set<AppKey> kept) {}

  private final Vertx vertx;
  private final Fleet fleet;
  private final ApplicationListener.Maker listeners;
  private final ServiceExtension extension;
  private final Vanished vanished;
  private final Set<Plugins> held = new HashSet<>();
  private Map<AppKey, Entry> entries = Map.of();

  /** What the sections of the configuration are for, good or bad. */
  private Map<String, AppKey> sections = Map.of();

  /** The further names of their applications. */
  private Map<String, Set<String>> aliases = Map.of();

  /**
   * @param listeners makes those who are told of one application's pushes alone
   * @param extension gives their push services further ways to send
   */
  ApplicationsReload(
      Vertx vertx,
      Fleet fleet,
      ApplicationListener.Maker listeners,
      ServiceExtension extension,
      Vanished vanished) {
    this.extension = extension;
    this.vanished = vanished;
    this.listeners = listeners;
    this.vertx = vertx;
    this.fleet = fleet;
  }

  /**
   * Makes the applications equal to the settings, as far as these are good. One that they have not
   * got any more runs on for a while.
   *
   * @param asked whether somebody says that the settings are as they are meant: then it ends at
   *     once
   * @return completes when new pushes meet them, with all that is wrong, the settings' own problems
   *     included; fails when the fleet has been closed
   */
  Future<List<Problem>> apply(Settings settings, boolean asked) {
    return vertx
        .executeBlocking(() -> plan(settings, asked))
        .compose(plan -> carryOut(plan, settings));
  }

  /** Does all that can fail, and changes nothing. Worker thread: reads files. */
  private Plan plan(Settings settings, boolean asked) {
    Plugins plugins = settings.plugins();
    Catalog catalog = Catalog.of(plugins, listeners, extension);
    Set<AppKey> kept = new HashSet<>();
    List<AppConfig> changed = new ArrayList<>();
    PreparedApplications prepared = PreparedApplications.NONE;
    for (List<AppConfig> rivals : rivals(settings)) {
      prepared = prepared.with(prepareOne(rivals, settings, plugins, catalog, kept, changed));
    }
    kept.addAll(spared(settings, changed, prepared));
    kept.addAll(unbelieved(settings, kept, asked));
    return new Plan(plugins, catalog, prepared, kept);
  }

  /** The sections by what they are for, the last of each first: it counts. */
  private static Collection<List<AppConfig>> rivals(Settings settings) {
    Map<AppKey, List<AppConfig>> rivals = new LinkedHashMap<>();
    for (AppConfig config : settings.applications()) {
      rivals.computeIfAbsent(config.key(), key -> new ArrayList<>()).add(0, config);
    }
    return rivals.values();
  }

  /**
   * Makes an application from the first of its sections that is good. What runs is worth more than
   * a section that was not used: it goes on when its own section is wrong now.
   */
  private PreparedApplications prepareOne(
      List<AppConfig> rivals,
      Settings settings,
      Plugins plugins,
      Catalog catalog,
      Set<AppKey> kept,
      List<AppConfig> changed) {
    PreparedApplications tried = PreparedApplications.NONE;
    Entry entry = entries.get(rivals.get(0).key());
    String running = entry == null ? "" : section(entry);
    for (AppConfig config : rivals) {
      if (isUnchanged(config, plugins)) {
        kept.add(config.key());
        return tried;
      }
      if (config.key().equals(settings.faulty().get(running))) {
        return tried;
      }
      changed.add(config);
      tried = tried.with(catalog.prepare(List.of(config)));
      if (!tried.applications().isEmpty() || config.section().equals(running)) {
        return tried;
      }
    }
    return tried;
  }

  private boolean isUnchanged(AppConfig config, Plugins plugins) {
    Entry entry = entries.get(config.key());
    return entry != null
        && entry.config().fingerprint().equals(config.fingerprint())
        && plugins.servesAsBefore(config, entry.plugins());
  }

  /**
   * Those that go on as they are because what is said about them cannot be used: the section they
   * come from is wrong, or another that says it is for them, or the file cannot be understood.
   */
  private Set<AppKey> spared(
      Settings settings, List<AppConfig> changed, PreparedApplications prepared) {
    Set<AppKey> keys = new HashSet<>(settings.faulty().values());
    Set<String> names = new HashSet<>();
    settings.problems().stream()
        .filter(problem -> problem.severity() == Severity.ERROR)
        .forEach(problem -> names.add(problem.section()));
    Set<AppKey> ready =
        prepared.applications().stream().map(Application::key).collect(Collectors.toSet());
    for (AppConfig config : changed) {
      if (!ready.contains(config.key())) {
        keys.add(config.key());
      }
      if (!isIn(prepared, config)) {
        names.add(config.section());
      }
    }
    Set<AppKey> spared = new HashSet<>();
    entries.forEach(
        (key, entry) -> {
          if (keys.contains(key) || names.contains("") || names.contains(section(entry))) {
            spared.add(key);
          }
        });
    return spared;
  }

  /** Those that have gone, as long as it may be that they have only not been written yet. */
  private Set<AppKey> unbelieved(Settings settings, Set<AppKey> kept, boolean asked) {
    Set<AppKey> configured = new HashSet<>(settings.faulty().values());
    settings.applications().forEach(config -> configured.add(config.key()));
    Set<AppKey> gone = new HashSet<>(entries.keySet());
    gone.removeAll(configured);
    gone.removeAll(kept);
    String what = gone.isEmpty() ? "" : "applications [" + names(entries, gone::contains) + "] are";
    return vanished.isBelieved(what, configured, asked) ? Set.of() : gone;
  }

  /** As {@link Vanished#lookAgainAfter}. */
  long lookAgainAfter() {
    return vanished.lookAgainAfter();
  }

  private static boolean isIn(PreparedApplications prepared, AppConfig config) {
    return prepared.applications().stream()
        .anyMatch(one -> one.key().equals(config.key()) && one.section().equals(config.section()));
  }

  private static String section(Entry entry) {
    return entry.config().section();
  }

  private Future<List<Problem>> carryOut(Plan plan, Settings settings) {
    held.add(plan.plugins());
    return fleet
        .update(plan.catalog(), plan.prepared(), plan.kept())
        .map(
            applied -> {
              note(plan, settings, applied);
              List<Problem> problems = new ArrayList<>(settings.problems());
              problems.addAll(plan.plugins().problems());
              problems.addAll(plan.prepared().problems());
              fleet.disabled(disabled(problems));
              return problems;
            });
  }

  private void note(Plan plan, Settings settings, Set<AppKey> applied) {
    Map<String, AppKey> named = new HashMap<>(settings.faulty());
    Map<String, Set<String>> also = new HashMap<>();
    settings.aliases().forEach((section, names) -> also.put(section, Set.copyOf(names)));
    Map<AppKey, Entry> now = new HashMap<>();
    for (AppConfig config : settings.applications()) {
      named.put(config.section(), config.key());
      also.put(config.section(), Set.copyOf(config.aliases()));
      boolean isApplied = applied.contains(config.key()) && isIn(plan.prepared(), config);
      if (isApplied || isUnchanged(config, plan.plugins())) {
        now.put(config.key(), new Entry(config, plan.plugins()));
      }
    }
    entries.forEach(
        (key, entry) -> {
          if (fleet.application(key).isPresent()) {
            now.putIfAbsent(key, entry);
          }
        });
    log(now, applied);
    entries = Map.copyOf(now);
    sections = Map.copyOf(named);
    aliases = Map.copyOf(also);
    releaseUnused(plan.plugins());
  }

  private void log(Map<AppKey, Entry> now, Set<AppKey> applied) {
    String gone = names(entries, key -> !now.containsKey(key));
    String fresh = names(now, key -> !entries.containsKey(key));
    String changed = names(now, key -> entries.containsKey(key) && applied.contains(key));
    // Of a start the server tells.
    if (!entries.isEmpty() && !(gone + fresh + changed).isEmpty()) {
      LOG.info("applications: new [{}], changed [{}], removed [{}]", fresh, changed, gone);
    }
  }

  private static String names(Map<AppKey, Entry> of, Predicate<AppKey> which) {
    List<String> names =
        of.entrySet().stream()
            .filter(entry -> which.test(entry.getKey()))
            .map(entry -> section(entry.getValue()))
            .sorted()
            .toList();
    String first = names.stream().limit(NAMED).collect(Collectors.joining(", "));
    return names.size() <= NAMED ? first : first + " and " + (names.size() - NAMED) + " more";
  }

  /** Not before what was made from them has ended: it may need a class of theirs yet. */
  private void releaseUnused(Plugins latest) {
    Set<Plugins> used = new HashSet<>(Set.of(latest));
    entries.values().forEach(entry -> used.add(entry.plugins()));
    List<Plugins> unused = held.stream().filter(one -> !used.contains(one)).toList();
    held.retainAll(used);
    if (!unused.isEmpty()) {
      fleet.settled().onComplete(done -> unused.forEach(Plugins::release));
    }
  }

  /**
   * The sections with an error that nothing runs from, each with its first one; and the file, when
   * something is wrong with it as a whole.
   */
  private List<DisabledSection> disabled(List<Problem> problems) {
    Map<String, DisabledSection> disabled = new LinkedHashMap<>();
    for (Problem problem : problems) {
      String section = problem.section();
      if (problem.severity() != Severity.WARNING && !runs(section)) {
        String reason = (problem.key() + ": " + problem.message()).replaceFirst("^: ", "");
        disabled.putIfAbsent(
            section,
            new DisabledSection(
                section,
                Optional.ofNullable(sections.get(section)),
                aliases.getOrDefault(section, Set.of()),
                reason));
      }
    }
    return List.copyOf(disabled.values());
  }

  private boolean runs(String section) {
    AppKey key = sections.get(section);
    return (key != null && entries.containsKey(key))
        || entries.values().stream().anyMatch(one -> section(one).equals(section));
  }

  /** What follows from something wrong in a section, or in the whole file, in a few words. */
  String consequence(Problem problem) {
    if (problem.section().isEmpty()) {
      return entries.isEmpty() ? "" : "; what runs goes on as it was";
    }
    AppKey key = sections.get(problem.section());
    Entry rival = key == null ? null : entries.get(key);
    if (rival != null
        && !section(rival).equals(problem.section())
        && key.equals(sections.get(section(rival)))) {
      return "; [" + section(rival) + "] is used instead";
    }
    return runs(problem.section())
        ? "; the application goes on as it was"
        : "; this application is disabled";
  }

  /** To be called when the fleet has closed. */
  void release() {
    held.forEach(Plugins::release);
  }
}
