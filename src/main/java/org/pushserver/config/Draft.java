// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.pushserver.push.AppKey;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;

/**
 * What the files say, whether a server may start with it or not: for whoever wants to know all that
 * is wrong with it. Immutable; any thread.
 *
 * @param files all files that were named, whether they exist or not
 * @param problems of any severity; the other fields are as those of {@link Settings}
 */
public record Draft(
    Path directory,
    ServerSettings server,
    Delivery delivery,
    List<AppConfig> applications,
    Map<String, AppKey> faulty,
    Path extraApplicationsDir,
    Path extraPnsDir,
    List<Path> files,
    List<Path> watched,
    List<Problem> problems) {

  /**
   * The same, for a server to run with.
   *
   * @throws ConfigException when it may not
   */
  public Settings settings() throws ConfigException {
    if (problems.stream().anyMatch(problem -> problem.severity() == Severity.FATAL)) {
      throw new ConfigException(problems);
    }
    return new Settings(
        directory,
        server,
        delivery,
        applications,
        faulty,
        extraApplicationsDir,
        extraPnsDir,
        watched,
        problems);
  }
}
