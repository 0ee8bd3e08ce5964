// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.List;
import org.pushserver.dispatch.RunningApplications;
import org.pushserver.trail.Trail;

/** The page of the newest pushes, to which a script adds those that come while it is open. */
final class LivePage implements ConsolePage {
  private static final int ROWS = 100;

  private final Trail trail;
  private final RunningApplications applications;

  /**
   * @param events where those that come are told of
   * @param refreshHref this page again
   */
  private record Model(
      FormModel form,
      String events,
      String refreshHref,
      List<PushRow> rows,
      List<String> notes,
      List<String> faults) {}

  LivePage(Trail trail, RunningApplications applications) {
    this.trail = trail;
    this.applications = applications;
  }

  @Override
  public Future<View> view(ConsoleReader reader, MultiMap query) {
    SearchForm form = new SearchForm(query);
    return Findings.shown(
        trail, form, reader.scope(), ROWS, (status, found) -> view(status, form, reader, found));
  }

  private View view(int status, SearchForm form, ConsoleReader reader, Findings found) {
    return new View(
        status,
        "live",
        "Live",
        () ->
            new Model(
                FormModel.of(form, Console.LIVE, applications, reader.scope()),
                form.href(Console.EVENTS),
                form.href(Console.LIVE),
                found.entries().stream().limit(ROWS).map(PushRow::of).toList(),
                found.notes(),
                form.faults()));
  }
}
