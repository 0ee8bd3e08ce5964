// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.pushserver.audit.OwnerReports;
import org.pushserver.cli.VersionLine;
import org.pushserver.config.ConfigReport;
import org.pushserver.config.Settings;
import org.pushserver.config.SettingsReader;
import org.pushserver.config.Surroundings;
import org.pushserver.dispatch.Catalog;
import org.pushserver.dispatch.PreparedApplications;
import org.pushserver.events.ReportListener;
import org.pushserver.spi.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pushserver check-config}: everything that is wrong, in one go. */
@Command(
    name = "check-config",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    description = "Prints what would run and exits with 0, or the problems and exits with 1.")
final class CheckConfigCommand implements Callable<Integer> {
  @Mixin private Main.Where where;

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description = "Also say which files this user, who is to run the server, may not read.")
  private String user;

  @Mixin private ConnectCheck connect;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Vertx vertx = OwnVertx.create();
    try {
      Settings settings = Main.await(new SettingsReader(vertx).look(where.overrides()));
      Surroundings surroundings = Surroundings.of(settings, user);
      List<Problem> found = new ArrayList<>(surroundings.problems());
      PreparedApplications prepared = prepare(settings, found);
      print(ConfigReport.render(settings, surroundings.notes(), found));
      boolean usable = connect.run(vertx, settings.server(), prepared, spec.commandLine().getOut());
      return stops(settings.problems()) || stops(found) || !usable ? Main.BAD_CONFIGURATION : 0;
    } catch (ExecutionException e) {
      print(Main.explain(e.getCause()));
      return Main.BAD_CONFIGURATION;
    } finally {
      Main.closeQuietly(vertx);
    }
  }

  private void print(String text) {
    spec.commandLine().getOut().print(text);
    spec.commandLine().getOut().flush();
  }

  /**
   * Makes what can be made.
   *
   * @param found takes what plugins and push services find wrong then
   */
  private static PreparedApplications prepare(Settings settings, List<Problem> found) {
    PreparedApplications prepared =
        Catalog.of(settings.plugins(), OwnerReports.maker(ReportListener.NONE, null))
            .prepare(settings.applications());
    found.addAll(settings.plugins().problems());
    found.addAll(prepared.problems());
    return prepared;
  }

  private static boolean stops(List<Problem> problems) {
    return problems.stream().anyMatch(problem -> problem.severity() != Problem.Severity.WARNING);
  }
}
