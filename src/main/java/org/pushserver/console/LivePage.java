// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.List;
import org.pushserver.dispatch.RunningApplications;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailPage;

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
    if (!form.faults().isEmpty()) {
      return Future.succeededFuture(
          view(400, form, reader, new TrailPage(List.of(), "", List.of())));
    }
    return trail
        .search(form.filter(reader.scope(), ROWS))
        .map(page -> view(200, form, reader, page));
  }

  private View view(int status, SearchForm form, ConsoleReader reader, TrailPage page) {
    return new View(
        status,
        "live",
        "Live",
        () ->
            new Model(
                FormModel.of(form, Console.LIVE, applications, reader.scope()),
                form.href(Console.EVENTS),
                form.href(Console.LIVE),
                page.entries().stream().map(PushRow::of).toList(),
                page.notes().stream().map(Excerpt::line).toList(),
                form.faults()));
  }
}
