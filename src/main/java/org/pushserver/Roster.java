// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pushserver.config.Settings;
import org.pushserver.dispatch.Catalog;
import org.pushserver.dispatch.Crew;
import org.pushserver.dispatch.Fleet;
import org.pushserver.plugin.PluginLoader;
import org.pushserver.plugin.Plugins;
import org.pushserver.push.AppKey;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;

/**
 * Which applications run, and what each was made from: knows what to touch when the configuration
 * has changed, and leaves all else alone. What is wrong keeps its last good version.
 *
 * <p>One call at a time, on any thread.
 */
final class Roster {
  /** An application that runs, as it was configured, and the plugins that were there then. */
  private record Entry(AppConfig config, Plugins plugins) {}

  private record Plan(Plugins plugins, Catalog catalog, Crew crew, Set<AppKey> kept) {}

  private final Vertx vertx;
  private final PluginLoader loader;
  private final Fleet fleet;
  private final Set<Plugins> held = new HashSet<>();
  private Map<AppKey, Entry> entries = Map.of();

  Roster(Vertx vertx, PluginLoader loader, Fleet fleet) {
    this.vertx = vertx;
    this.loader = loader;
    this.fleet = fleet;
  }

  /**
   * Makes the applications equal to the settings, as far as these are good.
   *
   * @return completes when new pushes meet them, with what was found wrong beyond the settings' own
   *     problems
   */
  Future<List<Problem>> apply(Settings settings) {
    return vertx.executeBlocking(() -> plan(settings)).compose(plan -> carryOut(plan, settings));
  }

  /** Does all that can fail, and changes nothing. Worker thread: reads files, and compiles. */
  private Plan plan(Settings settings) {
    Plugins plugins =
        loader.load(
            settings.applications(), settings.extraApplicationsDir(), settings.extraPnsDir());
    Catalog catalog = Catalog.of(plugins);
    Set<AppKey> kept = new HashSet<>();
    List<AppConfig> changed = new ArrayList<>();
    for (AppConfig config : settings.applications()) {
      if (isUnchanged(config, plugins)) {
        kept.add(config.key());
      } else {
        changed.add(config);
      }
    }
    Crew crew = catalog.prepare(changed);
    entries.forEach(
        (key, entry) -> {
          if (isWrong(entry.config(), settings.problems()) || isWrong(key, changed, crew)) {
            kept.add(key);
          }
        });
    return new Plan(plugins, catalog, crew, kept);
  }

  private boolean isUnchanged(AppConfig config, Plugins plugins) {
    Entry entry = entries.get(config.key());
    return entry != null
        && entry.config().fingerprint().equals(config.fingerprint())
        && plugins.servesAsBefore(config, entry.plugins());
  }

  /** Its section, or the whole file, cannot be understood now. */
  private static boolean isWrong(AppConfig config, List<Problem> problems) {
    return problems.stream()
        .anyMatch(
            problem ->
                problem.severity() == Severity.ERROR
                    && problem.file().equals(config.file())
                    && (problem.section().isEmpty() || problem.section().equals(config.section())));
  }

  /** It has changed, and cannot run so. */
  private static boolean isWrong(AppKey key, List<AppConfig> changed, Crew crew) {
    return changed.stream().anyMatch(config -> config.key().equals(key))
        && crew.applications().stream().noneMatch(ready -> ready.key().equals(key));
  }

  private Future<List<Problem>> carryOut(Plan plan, Settings settings) {
    held.add(plan.plugins());
    return fleet
        .update(plan.catalog(), plan.crew(), plan.kept())
        .map(
            applied -> {
              note(plan, settings, applied);
              List<Problem> problems = new ArrayList<>(plan.plugins().problems());
              problems.addAll(plan.crew().problems());
              return problems;
            });
  }

  private void note(Plan plan, Settings settings, Set<AppKey> applied) {
    Map<AppKey, Entry> now = new HashMap<>();
    for (AppConfig config : settings.applications()) {
      if (applied.contains(config.key()) || isUnchanged(config, plan.plugins())) {
        now.put(config.key(), new Entry(config, plan.plugins()));
      }
    }
    entries.forEach(
        (key, entry) -> {
          if (fleet.application(key).isPresent()) {
            now.putIfAbsent(key, entry);
          }
        });
    entries = Map.copyOf(now);
    releaseUnused(plan.plugins());
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

  /** Whether the application of this section runs, perhaps as it was configured before. */
  boolean runs(String section) {
    return entries.values().stream().anyMatch(entry -> entry.config().section().equals(section));
  }

  /** To be called when the fleet has closed. */
  void release() {
    held.forEach(Plugins::release);
  }
}
