// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.pushserver.push.AppKey;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Problem;

/** Warns of the further names of applications that are of no use. Worker thread. */
final class AliasCheck {
  private final Map<AppKey, String> sections = new HashMap<>();
  private final Map<AppKey, List<AppConfig>> owners = new HashMap<>();
  private final Consumer<Problem> problems;

  private AliasCheck(List<AppConfig> applications, Consumer<Problem> problems) {
    this.problems = problems;
    for (AppConfig config : applications) {
      sections.put(config.key(), config.section());
      for (String alias : config.aliases()) {
        owners.computeIfAbsent(key(alias, config), key -> new ArrayList<>()).add(config);
      }
    }
  }

  /**
   * Looks at all of them.
   *
   * @param applications the good sections
   */
  static void report(List<AppConfig> applications, Consumer<Problem> problems) {
    AliasCheck check = new AliasCheck(applications, problems);
    applications.forEach(check::report);
  }

  private static AppKey key(String alias, AppConfig config) {
    return new AppKey(alias, config.key().platform());
  }

  private void report(AppConfig config) {
    for (String alias : config.aliases()) {
      AppKey key = key(alias, config);
      String owner = sections.get(key);
      if (!Applications.isName(alias)) {
        warn(config, alias, "is no app-id, which has no spaces and at most 255 characters");
      } else if (owner != null && !key.equals(config.key())) {
        warn(config, alias, "is the app_id of [" + owner + "], which counts; remove it here");
      } else if (!rivals(key, config).isEmpty()) {
        warn(
            config,
            alias,
            "is also in app_aliases of "
                + rivals(key, config)
                + "; as nobody can tell which is meant, it means none. Leave it in one of them");
      }
    }
  }

  /** The sections of other applications that have the same name, as they are written. */
  private String rivals(AppKey alias, AppConfig config) {
    return owners.get(alias).stream()
        .filter(other -> !other.key().equals(config.key()))
        .map(other -> "[" + other.section() + "]")
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private void warn(AppConfig config, String alias, String what) {
    problems.accept(config.warning(AppConfig.ALIASES, "'" + KeyNames.shown(alias) + "' " + what));
  }
}
