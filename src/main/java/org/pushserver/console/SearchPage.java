// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.List;
import org.pushserver.dispatch.RunningApplications;
import org.pushserver.tokens.Callee;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailEntry;

/** The page that everything begins with: a box to search in, and what was found. */
final class SearchPage implements ConsolePage {
  private static final int ROWS = 50;

  private final Trail trail;
  private final RunningApplications applications;
  private final boolean hasTokens;

  /**
   * @param form as it was sent
   * @param heading over what was found
   * @param hasRows whether anything was
   * @param isNothing whether it was looked for in vain
   * @param callHref where the one call is shown that all of it belongs to; empty when there are
   *     several
   * @param account which was searched for, and whose devices can be shown; empty for none
   * @param more where to go on, and in which words
   * @param notes what the reader should know of this search
   */
  private record Model(
      FormModel form,
      String heading,
      List<PushRow> rows,
      boolean hasRows,
      boolean isNothing,
      String callHref,
      Link account,
      boolean hasAccount,
      boolean hasMore,
      List<Link> more,
      List<String> notes,
      List<String> faults) {}

  /** Where to go, in words. */
  record Link(String href, String text) {}

  /**
   * @param hasTokens whether the devices of accounts are stored
   */
  SearchPage(Trail trail, RunningApplications applications, boolean hasTokens) {
    this.trail = trail;
    this.applications = applications;
    this.hasTokens = hasTokens;
  }

  @Override
  public Future<View> view(ConsoleReader reader, MultiMap query) {
    SearchForm form = new SearchForm(query);
    return Findings.shown(
        trail, form, reader.scope(), ROWS, (status, found) -> view(status, form, reader, found));
  }

  private View view(int status, SearchForm form, ConsoleReader reader, Findings found) {
    return new View(status, "search", "Search", () -> model(form, reader, found));
  }

  private Model model(SearchForm form, ConsoleReader reader, Findings found) {
    List<TrailEntry> entries = found.entries();
    boolean searched = form.faults().isEmpty();
    String account = hasTokens && searched ? account(form, found) : "";
    return new Model(
        FormModel.of(form, Console.PATH, applications, reader.scope()),
        searched ? heading(form, found, entries.size()) : "Not searched",
        entries.stream().map(PushRow::of).toList(),
        !entries.isEmpty(),
        entries.isEmpty() && searched && !form.isEmpty(),
        form.isEmpty() ? "" : callHref(entries),
        new Link(AccountPage.href(account), "Registered devices of " + Excerpt.line(account)),
        !account.isEmpty(),
        found.hasMore(),
        found.hits().stream()
            .filter(Findings.Hit::hasMore)
            .map(hit -> more(form, hit, found.hits().size() > 1))
            .toList(),
        found.notes(),
        form.faults());
  }

  private static String heading(SearchForm form, Findings found, int count) {
    if (form.isEmpty()) {
      return count == 0 ? "No push so far" : "The newest pushes";
    }
    String number =
        count == 0
            ? "Nothing found"
            : count == 1
                ? "1 push found"
                : count + (found.hasMore() ? " of more" : "") + " pushes found";
    List<String> ways =
        found.hits().stream().map(hit -> hit.probe().name()).filter(n -> !n.isEmpty()).toList();
    return ways.isEmpty() ? number : number + ", by " + String.join(" and by ", ways);
  }

  private static String callHref(List<TrailEntry> entries) {
    List<String> calls = entries.stream().map(TrailEntry::callId).distinct().limit(2).toList();
    return calls.size() == 1 && !calls.get(0).isEmpty() ? PushRow.callHref(calls.get(0)) : "";
  }

  /** Whatever stands in the box is an account as long as nothing else is known of it. */
  private static String account(SearchForm form, Findings found) {
    boolean isOther =
        !found.hits().isEmpty()
            && found.hits().stream()
                .noneMatch(hit -> hit.probe().name().equals(SearchForm.ACCOUNT));
    String given =
        isOther || !form.value(SearchForm.ACCOUNT).isEmpty()
            ? form.value(SearchForm.ACCOUNT)
            : form.value(SearchForm.BOX);
    String account = Callee.account(given);
    return account == null ? "" : account;
  }

  private static Link more(SearchForm form, Findings.Hit hit, boolean several) {
    SearchForm.Probe probe = hit.probe();
    String next = hit.page().next();
    String href =
        probe.name().isEmpty()
            ? form.href(Console.PATH, SearchForm.CURSOR, next)
            : form.href(
                Console.PATH,
                SearchForm.BOX,
                "",
                probe.name(),
                probe.value(),
                SearchForm.CURSOR,
                next);
    return new Link(href, several ? "Older, by " + probe.name() : "Older");
  }
}
