// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.pushserver.push.AppKey;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Problem;

/**
 * Everything that is configured, checked as far as it can be without the push services. Immutable;
 * any thread. It exists only when the server may start with it.
 *
 * @param directory where the files are; absolute
 * @param server {@code [server]} of general.ini, with the command line's overrides
 * @param delivery {@code [delivery]} of general.ini
 * @param applications the good sections of applications.ini, in their order; of several with the
 *     same key the last one that can be made counts
 * @param faulty the keys of the other sections, by the sections' labels, as far as they say one
 * @param extraApplicationsDir where custom application types are; may not exist
 * @param extraPnsDir where custom push services are; may not exist
 * @param watched the files and folders that decide what is configured, whether they exist or not:
 *     when one changes, all is to be read anew
 * @param problems warnings, and an ERROR for each section that is not in {@code applications}; none
 *     is FATAL
 */
public record Settings(
    Path directory,
    ServerSettings server,
    Delivery delivery,
    List<AppConfig> applications,
    Map<String, AppKey> faulty,
    Path extraApplicationsDir,
    Path extraPnsDir,
    List<Path> watched,
    List<Problem> problems) {
  public Settings {
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(server, "server");
    Objects.requireNonNull(delivery, "delivery");
    applications = List.copyOf(applications);
    faulty = Map.copyOf(faulty);
    Objects.requireNonNull(extraApplicationsDir, "extraApplicationsDir");
    Objects.requireNonNull(extraPnsDir, "extraPnsDir");
    watched = List.copyOf(watched);
    problems = List.copyOf(problems);
    if (problems.stream().anyMatch(problem -> problem.severity() == Problem.Severity.FATAL)) {
      throw new IllegalArgumentException("a fatal problem allows no settings");
    }
  }

  /** The same with another server. */
  public Settings with(ServerSettings changed) {
    return new Settings(
        directory,
        changed,
        delivery,
        applications,
        faulty,
        extraApplicationsDir,
        extraPnsDir,
        watched,
        problems);
  }
}
