// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.pushserver.plugin.Plugins;
import org.pushserver.push.AppKey;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Problem;

/**
 * Everything that is configured, checked as far as it can be without the push services. Immutable;
 * any thread. A server may start with it when it is {@linkplain #usable usable}.
 *
 * @param directory where the files are; absolute
 * @param general what says the server's settings, for messages: the path of general.ini, or a name
 * @param server {@code [server]} of general.ini, with the command line's overrides
 * @param delivery {@code [delivery]} of general.ini
 * @param applications the good sections of applications.ini, in their order; of several with the
 *     same key the last one that can be made counts
 * @param faulty the keys of the other sections, by the sections' labels, as far as they say one
 * @param aliases the further names of these, by the sections' labels
 * @param plugins the application types and push services that they were read with; to be released
 * @param files all files that were named, whether they exist or not
 * @param watched the files and folders that decide what is configured, whether they exist or not:
 *     when one changes, all is to be read anew
 * @param problems warnings, an ERROR for each section that is not in {@code applications}, and
 *     FATAL ones, with which no server may start
 */
public record Settings(
    Path directory,
    String general,
    ServerSettings server,
    Delivery delivery,
    List<AppConfig> applications,
    Map<String, AppKey> faulty,
    Map<String, List<String>> aliases,
    Plugins plugins,
    List<Path> files,
    List<Path> watched,
    List<Problem> problems) {
  public Settings {
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(general, "general");
    Objects.requireNonNull(server, "server");
    Objects.requireNonNull(delivery, "delivery");
    applications = List.copyOf(applications);
    faulty = Map.copyOf(faulty);
    aliases = Map.copyOf(aliases);
    Objects.requireNonNull(plugins, "plugins");
    files = List.copyOf(files);
    watched = List.copyOf(watched);
    problems = List.copyOf(problems);
  }

  /**
   * These, for a server to run with.
   *
   * @throws ConfigException when a problem is fatal: then it may not
   */
  public Settings usable() throws ConfigException {
    if (problems.stream().anyMatch(problem -> problem.severity() == Problem.Severity.FATAL)) {
      throw new ConfigException(problems);
    }
    return this;
  }

  /** The same with another server. */
  public Settings with(ServerSettings changed) {
    return new Settings(
        directory,
        general,
        changed,
        delivery,
        applications,
        faulty,
        aliases,
        plugins,
        files,
        watched,
        problems);
  }

  /** The same with one more problem. */
  Settings with(Problem more) {
    List<Problem> all = new ArrayList<>(problems);
    all.add(more);
    return new Settings(
        directory,
        general,
        server,
        delivery,
        applications,
        faulty,
        aliases,
        plugins,
        files,
        watched,
        all);
  }
}
