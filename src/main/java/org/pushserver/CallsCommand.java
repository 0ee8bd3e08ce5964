// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.pushserver.TrailOptions.NoTrailException;
import org.pushserver.cause.Causes;
import org.pushserver.cli.VersionLine;
import org.pushserver.spi.Reason;
import org.pushserver.trail.Accounts;
import org.pushserver.trail.TokenHash;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailPage;
import org.pushserver.trail.TrailQuery;
import org.pushserver.trail.TrailScope;
import org.pushserver.trail.TrailSearch;
import org.pushserver.trail.TrailTail;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pushserver calls}: the last pushes, a line each; and those that come. */
@Command(
    name = "calls",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    sortOptions = false,
    description = {
      "Lists pushes, a line each, the newest last; all options together say which.",
      "Reads the files of the trail, whether the server runs or not. A push is in them when it has"
          + " ended, and a request that was refused at the door at once. On a server of a cluster it"
          + " asks that server, which tells what all of them have."
    },
    footer = {
      "",
      "Exit code: 0, also when there is none; 1 when the trail cannot be read; 2 when an option is"
          + " wrong."
    })
final class CallsCommand implements Callable<Integer> {
  private static final long LOOK_MS = 500;

  @Mixin private TrailOptions trail;
  @Spec private CommandSpec spec;

  @Option(
      names = {"-f", "--follow"},
      description = "Then go on with each that comes, until Ctrl-C.")
  private boolean follow;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "Only the push with this id, as answers and logs have it.")
  private UUID id;

  @Option(
      names = "--account",
      paramLabel = "ADDRESS",
      defaultValue = "",
      description = "Only those for this callee, such as bob@example.com.")
  private String account;

  @Option(
      names = "--device",
      paramLabel = "ID",
      defaultValue = "",
      description = "Only those for this device-id.")
  private String device;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      defaultValue = "",
      description = "Only those for this token; all of it.")
  private String token;

  @Option(
      names = "--app",
      paramLabel = "APP-ID",
      defaultValue = "",
      description = "Only those of this application; also as app-id/platform.")
  private String app;

  @Option(
      names = "--outcome",
      paramLabel = "OUTCOME",
      split = ",",
      description =
          "Only those that ended so: delivered, refused, dead-token, expired, superseded,"
              + " overloaded, abandoned, not-let-in. Several with commas.")
  private List<String> outcomes = List.of();

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Only those whose reason has this in it.")
  private String reason;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "Only those that came later: 90s, 30m, 2h or 3d ago, or a time such as 2026-11-30T09:00.")
  private String since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = "Only those that came earlier; the same.")
  private String until;

  @Option(
      names = "--limit",
      paramLabel = "NUMBER",
      defaultValue = "50",
      description = "So many at the most, the newest. Default: ${DEFAULT-VALUE}")
  private int limit;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Clock clock = trail.clock();
    TrailQuery query = query(clock);
    PrintWriter err = spec.commandLine().getErr();
    try {
      Optional<Integer> asked = trail.askServers(servers -> show(servers, query, clock), err);
      if (asked.isPresent()) {
        return asked.get();
      }
      Path folder = trail.folder();
      // Before the search: what comes in between is told twice rather than not at all.
      TrailTail tail = new TrailTail(folder);
      List<TrailEntry> unused = follow ? tail.next() : List.of();
      List<TrailEntry> entries = search(folder, query, err);
      Printer printer = new Printer(clock, false);
      printer.print(entries);
      if (entries.isEmpty()) {
        err.println("Nothing in the trail in " + folder + " fits" + (follow ? " yet" : ""));
        err.flush();
      }
      while (follow && !printer.isGone()) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        printer.print(tail.next().stream().filter(query::fits).toList());
      }
      return 0;
    } catch (NoTrailException e) {
      err.println("pushserver calls: " + e.getMessage());
      err.flush();
      return 1;
    }
  }

  /** The same, of what all servers have. */
  private int show(RemoteTrail servers, TrailQuery query, Clock clock) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    // Before the search: what comes in between is told twice rather than not at all.
    try (RemoteTrail.Live live = follow ? servers.follow(query) : null) {
      List<TrailEntry> found = new ArrayList<>();
      String cursor = "";
      do {
        RemoteTrail.Answer answer = servers.pushes(query.after(cursor));
        answer.notes().forEach(note -> err.println(TerminalText.plain(note)));
        answer.found().forEach(one -> found.add(one.entry()));
        cursor = answer.next();
      } while (found.size() < limit && !cursor.isEmpty());
      if (found.isEmpty()) {
        err.println("Nothing in the trails fits" + (follow ? " yet" : ""));
      }
      err.flush();
      Printer printer = new Printer(clock, true);
      printer.print(WhyCommand.oldestFirst(found.subList(0, Math.min(limit, found.size()))));
      return live == null ? 0 : goOn(live, printer, err);
    }
  }

  /** A server that dies meanwhile is no reason to tell once more what its files have. */
  private static int goOn(RemoteTrail.Live live, Printer printer, PrintWriter err) {
    try {
      while (!printer.isGone()
          && live.next(printer::take, note -> err.println(TerminalText.plain(note)))) {
        err.flush();
        printer.printTaken();
      }
      return 0;
    } catch (IOException e) {
      err.println(
          "pushserver calls: the server tells no more: " + TerminalText.plain(Reason.of(e)));
      err.flush();
      return 1;
    }
  }

  /** All that fit, or as many as are wanted; the oldest first. */
  private List<TrailEntry> search(Path folder, TrailQuery query, PrintWriter err) {
    List<TrailEntry> found = new ArrayList<>();
    TrailPage page = TrailSearch.offline(folder, query);
    page.notes().forEach(err::println);
    found.addAll(page.entries());
    while (found.size() < limit && !page.next().isEmpty()) {
      page = TrailSearch.offline(folder, query.after(page.next()));
      found.addAll(page.entries());
    }
    err.flush();
    return WhyCommand.oldestFirst(found.subList(0, Math.min(limit, found.size())));
  }

  private TrailQuery query(Clock clock) {
    if (limit < 1) {
      throw wrong("--limit must be at least 1");
    }
    int slash = app.indexOf('/');
    return new TrailQuery(
        TrailScope.ALL,
        id,
        "",
        Accounts.of(account),
        device,
        TokenHash.of(token),
        slash < 0 ? app : app.substring(0, slash),
        slash < 0 ? "" : app.substring(slash + 1),
        outcomes.stream().map(this::end).collect(Collectors.toSet()),
        reason,
        since == null ? 0 : time("--since", since, clock),
        until == null ? Long.MAX_VALUE : time("--until", until, clock),
        "",
        Math.min(limit, TrailQuery.MOST));
  }

  private TrailEnd end(String word) {
    try {
      return TrailWords.end(word);
    } catch (IllegalArgumentException e) {
      throw wrong("--outcome: there is no outcome '" + word + "'; see --help");
    }
  }

  private long time(String option, String text, Clock clock) {
    try {
      return TrailWords.time(text, clock);
    } catch (IllegalArgumentException e) {
      throw wrong(option + " must be 90s, 30m, 2h, 3d or a time such as 2026-11-30T09:00");
    }
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  /** Writes entries in the form that is wanted. */
  private final class Printer {
    private final PrintWriter out = spec.commandLine().getOut();
    private final PushLines lines;
    private final List<TrailEntry> taken = new ArrayList<>();
    private boolean begun;

    /**
     * @param several whether there are several servers
     */
    Printer(Clock clock, boolean several) {
      this.lines = new PushLines(TerminalText.of(spec), clock, several);
    }

    void take(RemoteTrail.Found found) {
      taken.add(found.entry());
    }

    void printTaken() throws IOException {
      print(taken);
      taken.clear();
    }

    void print(List<TrailEntry> entries) throws IOException {
      if (!begun && !entries.isEmpty() && !trail.json) {
        out.println(lines.head());
        begun = true;
      }
      for (TrailEntry entry : entries) {
        out.println(
            trail.json
                ? WhyCommand.json(entry, Causes.explain(entry, List.of()))
                : lines.of(entry));
      }
      out.flush();
    }

    /** Whether nobody reads any more, as after {@code | head}. */
    boolean isGone() {
      return out.checkError();
    }
  }
}
