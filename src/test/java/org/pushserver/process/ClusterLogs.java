// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the servers of a cluster have written down: what each did with a call, and which others it
 * saw. All are on one machine, so their times can be compared.
 */
final class ClusterLogs {
  /**
   * A log.
   *
   * @param server the process; a node that was started again is another
   * @param node its name, such as {@code n3}
   * @param text its lines
   */
  record Log(String server, String node, String text) {}

  /**
   * An attempt that was answered 200.
   *
   * @param began when it was sent
   * @param noted when its server had the answer
   */
  record Attempt(String server, Instant began, Instant noted) {}

  /**
   * A push that was delivered.
   *
   * @param accepted when its server had it
   * @param ended when it was delivered
   */
  record Delivered(String server, Instant accepted, Instant ended) {}

  /** Which others a server counts as members from a moment on. */
  private record View(Instant from, Set<String> members) {}

  private static final Pattern PUSH =
      Pattern.compile(
          "^(\\S+) +INFO +push (incoming|joined|attempt|late|outcome) +call-id=(\\S+)"
              + " .*event=incoming_session(.*)$");
  private static final Pattern CLUSTER = Pattern.compile("^(\\S+) +\\w+ +cluster (.*)$");
  private static final Pattern MEMBERS = Pattern.compile("members: (n\\d+(?:, n\\d+)*)$");
  private static final Pattern LEFT_OUT =
      Pattern.compile(
          "^server (n\\d+)\\S* belongs to the cluster, and (?:has said nothing|does not answer)");
  private static final Pattern LET_IN =
      Pattern.compile("^server (n\\d+)\\S* (?:says something again|answers again)");
  private static final Pattern MS = Pattern.compile(" ms=(\\d+)");

  /** Logs have milliseconds, and what is less is cut off: of a moment, and of a time taken. */
  static final Duration CUT_OFF = Duration.ofMillis(2);

  private final Map<String, String> nodes = new HashMap<>();
  private final Map<String, List<Attempt>> attempts = new HashMap<>();
  private final Map<String, List<Delivered>> delivered = new HashMap<>();
  private final Map<String, Integer> pushes = new HashMap<>();
  private final Map<String, List<View>> views = new HashMap<>();

  ClusterLogs(List<Log> logs) {
    for (Log log : logs) {
      nodes.put(log.server(), log.node());
      log.text().lines().forEach(line -> read(log.server(), line));
    }
  }

  private void read(String server, String line) {
    Matcher push = PUSH.matcher(line);
    if (push.find()) {
      note(server, time(push), push.group(2), push.group(3), push.group(4));
      return;
    }
    Matcher cluster = CLUSTER.matcher(line);
    if (cluster.find()) {
      look(server, time(cluster), cluster.group(2));
    }
  }

  private static Instant time(Matcher line) {
    return OffsetDateTime.parse(line.group(1)).toInstant();
  }

  private void note(String server, Instant at, String what, String call, String rest) {
    switch (what) {
      case "incoming" -> pushes.merge(call, 1, Integer::sum);
      case "joined" -> pushes.merge(call, -1, Integer::sum);
      case "attempt", "late" -> {
        if (rest.contains(" status=200 ")) {
          attempts
              .computeIfAbsent(call, first -> new ArrayList<>())
              .add(new Attempt(server, at.minusMillis(ms(rest)).minus(CUT_OFF), at));
        }
      }
      default -> {
        if (rest.contains(" result=DELIVERED ")) {
          delivered
              .computeIfAbsent(call, first -> new ArrayList<>())
              .add(new Delivered(server, at.minusMillis(ms(rest)), at));
        }
      }
    }
  }

  private static long ms(String rest) {
    Matcher ms = MS.matcher(rest);
    return ms.find() ? Long.parseLong(ms.group(1)) : 0;
  }

  private void look(String server, Instant at, String said) {
    List<View> seen = views.computeIfAbsent(server, first -> new ArrayList<>());
    Set<String> members =
        new HashSet<>(seen.isEmpty() ? Set.of() : seen.get(seen.size() - 1).members());
    Matcher all = MEMBERS.matcher(said);
    Matcher leftOut = LEFT_OUT.matcher(said);
    Matcher letIn = LET_IN.matcher(said);
    if (all.find()) {
      seen.add(new View(at, Set.of(all.group(1).split(", "))));
    } else if (leftOut.find()) {
      members.remove(leftOut.group(1));
      seen.add(new View(at, members));
    } else if (letIn.find()) {
      members.add(letIn.group(1));
      seen.add(new View(at, members));
    }
  }

  String node(String server) {
    return nodes.get(server);
  }

  /** Of a call, in no order. */
  List<Attempt> attempts(ClusterCall call) {
    return attempts.getOrDefault(call.token, List.of());
  }

  /** The end of the push that an attempt was for. */
  Optional<Delivered> delivered(ClusterCall call, Attempt attempt) {
    return delivered.getOrDefault(call.token, List.of()).stream()
        .filter(end -> end.server().equals(attempt.server()))
        .filter(end -> !end.ended().isBefore(attempt.noted()))
        .min(Comparator.comparing(Delivered::ended));
  }

  /** The requests for a call that came to a door, without those that shared the end of another. */
  int pushes(ClusterCall call) {
    return pushes.getOrDefault(call.token, 0);
  }

  /**
   * Which process had which connection to the push service: that which most calls say that rang
   * once, and of which one process says that it rang them.
   */
  Map<String, String> connections(Collection<ClusterCall> calls) {
    Map<String, Map<String, Integer>> votes = new HashMap<>();
    for (ClusterCall call : calls) {
      if (call.rings().size() == 1 && attempts(call).size() == 1) {
        votes
            .computeIfAbsent(call.first().connection(), first -> new HashMap<>())
            .merge(attempts(call).get(0).server(), 1, Integer::sum);
      }
    }
    Map<String, String> found = new HashMap<>();
    votes.forEach(
        (connection, servers) ->
            servers.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .ifPresent(most -> found.put(connection, most.getKey())));
    return found;
  }

  /**
   * Since when a server and a node do not see each other: one of them does not count the other as a
   * member. Of a node that was started again any process may say so.
   *
   * @return empty when both do at that moment
   */
  Optional<Instant> apartSince(String server, String node, Instant at) {
    return Stream.concat(
            Stream.of(unseenSince(server, node, at)),
            nodes.entrySet().stream()
                .filter(each -> each.getValue().equals(node))
                .map(each -> unseenSince(each.getKey(), node(server), at)))
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder());
  }

  private Optional<Instant> unseenSince(String server, String other, Instant at) {
    Optional<Instant> since = Optional.empty();
    for (View view : views.getOrDefault(server, List.of())) {
      if (!view.from().isAfter(at)) {
        since =
            view.members().contains(other)
                ? Optional.empty()
                : Optional.of(since.orElse(view.from()));
      }
    }
    return since;
  }
}
