// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.pushserver.TrailOptions.NoTrailException;
import org.pushserver.cause.Causes;
import org.pushserver.cause.Explanation;
import org.pushserver.cli.VersionLine;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailJson;
import org.pushserver.trail.TrailPage;
import org.pushserver.trail.TrailQuery;
import org.pushserver.trail.TrailScope;
import org.pushserver.trail.TrailSearch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pushserver why}: what became of the pushes of one call, and why. */
@Command(
    name = "why",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    description = {
      "Says why a phone did not ring: each push of a call with its steps, the cause, what to do.",
      "Reads the files of the trail, whether the server runs or not. Pushes that have not ended yet"
          + " are not in them: the console and the API show those, too. On a server of a cluster it"
          + " asks that server, which tells what all of them have."
    },
    footer = {
      "",
      "Exit code: 0 when the trail has the call; 1 when it has not, or cannot be read; 2 when an"
          + " option is wrong."
    })
final class WhyCommand implements Callable<Integer> {
  /** So many entries before one say whether it is alone. */
  static final int NEIGHBOURS = 50;

  private static final int MOST_DEVICES = 200;

  @Mixin private TrailOptions trail;
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "CALL-ID", description = "As the PBX has it in its log.")
  private String callId;

  @Override
  public Integer call() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    try {
      Optional<RemoteTrail.Answer> asked =
          trail.askServers(servers -> servers.call(callId.strip()), err);
      if (asked.isPresent()) {
        return print(asked.get(), err);
      }
      Path folder = trail.folder();
      TrailPage page =
          TrailSearch.offline(
              folder, TrailQuery.all(TrailScope.ALL, MOST_DEVICES).ofCall(callId.strip()));
      page.notes().forEach(err::println);
      if (page.entries().isEmpty()) {
        err.println(
            "The trail in " + folder + " has no call " + TerminalText.plain(callId.strip()));
        err.println(
            "Is the call-id complete? 'pushserver calls --since 1h' shows what came; a push that"
                + " has not ended is not in the files yet.");
        return 1;
      }
      List<RemoteTrail.Found> found = new ArrayList<>();
      for (TrailEntry entry : oldestFirst(page.entries())) {
        found.add(new RemoteTrail.Found(entry, explain(folder, entry)));
      }
      print(found);
      return 0;
    } catch (NoTrailException e) {
      err.println("pushserver why: " + e.getMessage());
      return 1;
    } finally {
      err.flush();
    }
  }

  static List<TrailEntry> oldestFirst(List<TrailEntry> entries) {
    return entries.stream().sorted((one, other) -> Long.compare(one.at(), other.at())).toList();
  }

  private int print(RemoteTrail.Answer answer, PrintWriter err) throws IOException {
    answer.notes().forEach(note -> err.println(TerminalText.plain(note)));
    if (!answer.found().isEmpty()) {
      print(answer.found());
    }
    return answer.found().isEmpty() ? 1 : 0;
  }

  private void print(List<RemoteTrail.Found> found) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (trail.json) {
      for (RemoteTrail.Found one : found) {
        out.println(json(one.entry(), one.why()));
      }
      out.flush();
      return;
    }
    TerminalText text = TerminalText.of(spec);
    Clock clock = trail.clock();
    CallStory story = new CallStory(text, clock);
    out.println(
        "Call %s on %s, times in %s: %s"
            .formatted(
                text.bold(TerminalText.plain(callId.strip())),
                Instant.ofEpochMilli(found.get(0).entry().at())
                    .atZone(clock.getZone())
                    .toLocalDate(),
                TrailOptions.zone(clock),
                found.size() == 1 ? "1 push" : found.size() + " pushes"));
    for (RemoteTrail.Found one : found) {
      out.println();
      story.of(one.entry(), one.why()).forEach(out::println);
    }
    out.flush();
  }

  /** With a look at those before it. */
  static Explanation explain(Path folder, TrailEntry entry) {
    if (entry.app() == null || entry.isDoorRefusal()) {
      return Causes.explain(entry, List.of());
    }
    TrailQuery before = TrailQuery.all(TrailScope.ALL, NEIGHBOURS).of(entry.app(), entry.at());
    return Causes.explain(entry, TrailSearch.offline(folder, before).entries());
  }

  /** An entry on one line. */
  static String json(TrailEntry entry, Explanation why) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = TrailJson.writer(bytes)) {
      TrailJson.write(
          json, entry, new TrailJson.Cause(why.id(), why.sentence(), why.next(), why.link()));
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
