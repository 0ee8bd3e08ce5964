// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.pushserver.process.ClusterCall.Request;
import org.pushserver.process.ClusterCall.Ring;
import org.pushserver.process.ClusterLogs.Attempt;
import org.pushserver.process.ClusterLogs.Delivered;

/**
 * Finds out why calls rang twice, each for itself: from when it was asked for and answered, when it
 * rang, what the servers have written down of it, and when the fault came. A call has a reason when
 * each of its rings but the first has one, beside the ring before.
 */
final class ClusterDoubles {
  /** What a busy machine takes from an answer to the note of it at another server. */
  private static final Duration NOTED = Duration.ofMillis(500);

  /**
   * A ring, and what is known of it.
   *
   * @param server that rang; null when nobody knows
   * @param attempt as its server has noted it; null when it has not
   */
  private record Known(Ring ring, String server, Attempt attempt, Instant answered) {
    /** When its server knew that it had rung; or, where it never did, when it was told. */
    Instant noted() {
      return attempt == null ? answered : attempt.noted();
    }

    boolean isBySameAs(Known other) {
      return server != null && server.equals(other.server);
    }
  }

  private final ClusterLogs logs;
  private final List<ClusterFault> faults;
  private final Map<String, String> connections;
  private final Map<ClusterCall, Optional<DoubleReason>> reasons = new LinkedHashMap<>();

  /**
   * @param calls all: those that rang once tell which server had which connection
   */
  ClusterDoubles(Collection<ClusterCall> calls, ClusterLogs logs, List<ClusterFault> faults) {
    this.logs = logs;
    this.faults = faults;
    this.connections = logs.connections(calls);
    calls.stream().filter(ClusterCall::isDoubled).forEach(call -> reasons.put(call, reason(call)));
  }

  private Optional<DoubleReason> reason(ClusterCall call) {
    List<Known> rings = known(call);
    // Each new ring is of a request of its own.
    int left = logs.pushes(call) - 1;
    Optional<DoubleReason> found = Optional.empty();
    for (int i = 1; i < rings.size(); i++) {
      found = reason(call, rings.get(i - 1), rings.get(i), left > 0);
      if (found.isEmpty()) {
        return found;
      }
      left -= found.get() == DoubleReason.NEW_RING ? 1 : 0;
    }
    return found;
  }

  private List<Known> known(ClusterCall call) {
    Set<Attempt> left = new HashSet<>(logs.attempts(call));
    return call.rings().stream()
        .map(
            ring -> {
              Optional<Attempt> own =
                  left.stream()
                      .filter(attempt -> isOf(attempt, ring))
                      .max(Comparator.comparing(Attempt::began));
              own.ifPresent(left::remove);
              return new Known(
                  ring,
                  own.map(Attempt::server).orElse(connections.get(ring.connection())),
                  own.orElse(null),
                  call.answered(ring));
            })
        .toList();
  }

  /** Whether it was under way when the ring came, at the server that had the ring's connection. */
  private boolean isOf(Attempt attempt, Ring ring) {
    return !attempt.began().isAfter(ring.at())
        && !attempt.noted().isBefore(ring.at())
        && connections.getOrDefault(ring.connection(), attempt.server()).equals(attempt.server());
  }

  private Optional<DoubleReason> reason(
      ClusterCall call, Known first, Known second, boolean mayBeNew) {
    if (isAskedAgain(call, first, second)) {
      return Optional.of(DoubleReason.ASKED_AGAIN);
    }
    if (mayBeNew && isNew(call, first, second)) {
      return Optional.of(DoubleReason.NEW_RING);
    }
    if (faults.stream().anyMatch(fault -> isStopped(fault, call, first, second))) {
      return Optional.of(DoubleReason.ON_ITS_WAY);
    }
    return isApart(call, first, second) ? Optional.of(DoubleReason.APART) : Optional.empty();
  }

  /**
   * Whether a caller whose connection had broken asked again when the first ring had been
   * delivered; or while it was with the push service, and its server was dead.
   */
  private boolean isAskedAgain(ClusterCall call, Known first, Known second) {
    Instant from = over(first);
    return call.requests().stream()
        .filter(again -> again.isBetween(from, second.ring().at()))
        .anyMatch(
            again ->
                call.requests().stream()
                    .filter(request -> request.caller() == again.caller())
                    .filter(request -> !request.made().isAfter(first.ring().at()))
                    .anyMatch(request -> request.isBrokenBefore(again.made())));
  }

  /** When it had been delivered, or was with the push service and its server died. */
  private Instant over(Known first) {
    return first.server() == null
        ? first.noted()
        : faults.stream()
            .filter(fault -> fault.reach() == ClusterFault.Reach.SERVER)
            .filter(fault -> fault.strikes(logs.node(first.server())))
            .filter(fault -> !first.ring().at().isAfter(fault.to().plus(NOTED)))
            .map(ClusterFault::from)
            .map(died -> died.isBefore(first.ring().at()) ? first.ring().at() : died)
            .filter(died -> died.isBefore(first.noted()))
            .min(Comparator.naturalOrder())
            .orElse(first.noted());
  }

  /**
   * Whether the second is of a request that came to the queue that had delivered the first: it was
   * not long at the door before, and went out afterwards.
   */
  private boolean isNew(ClusterCall call, Known first, Known second) {
    return first.attempt() != null
        && second.attempt() != null
        && first.isBySameAs(second)
        && !second.attempt().began().isBefore(first.noted().minus(ClusterLogs.CUT_OFF))
        && logs.delivered(call, second.attempt())
            .map(Delivered::accepted)
            .filter(accepted -> !accepted.plus(NOTED).isBefore(first.noted()))
            .isPresent();
  }

  private boolean isStopped(ClusterFault fault, ClusterCall call, Known first, Known second) {
    if (first.server() == null || first.isBySameAs(second)) {
      return false;
    }
    String rang = logs.node(first.server());
    String other = second.server() == null ? rang : logs.node(second.server());
    return switch (fault.reach()) {
      case SERVER ->
          fault.strikes(rang)
              && (first.attempt() == null ? isBefore(fault, first) : isOnItsWay(fault, first));
      case NETWORK -> fault.strikes(rang, other) && isOnItsWay(fault, first);
      case LASTING -> isOnItsWay(fault, first) && isAwaited(call, first, second);
    };
  }

  /** Whether it rang before the fault had come for certain, and its answer was not out before. */
  private static boolean isOnItsWay(ClusterFault fault, Known first) {
    return !first.noted().plus(NOTED).isBefore(fault.from()) && isBefore(fault, first);
  }

  /** Whether it rang before the fault had come for certain: its server may never have known. */
  private static boolean isBefore(ClusterFault fault, Known first) {
    return !first.ring().at().isAfter(fault.to().plus(NOTED));
  }

  /**
   * Whether the first had been delivered before the second went out, and a caller at another server
   * had not been told.
   */
  private boolean isAwaited(ClusterCall call, Known first, Known second) {
    return first.attempt() != null
        && !first.noted().isAfter(second.ring().at())
        && call.requests().stream()
            .anyMatch(
                request ->
                    !request.door().equals(logs.node(first.server()))
                        && !request.made().isAfter(first.ring().at())
                        && !request.isAnsweredBefore(second.ring().at()));
  }

  /**
   * Whether the server that rang first had lost the other one, or one where a caller had no answer,
   * before it could tell them.
   */
  private boolean isApart(ClusterCall call, Known first, Known second) {
    if (first.attempt() == null || second.server() == null || first.isBySameAs(second)) {
      return false;
    }
    Stream<String> waiting =
        call.requests().stream()
            .filter(request -> !request.made().isAfter(second.ring().at()))
            .filter(request -> !request.isAnsweredBefore(second.ring().at()))
            .map(Request::door);
    return Stream.concat(Stream.of(logs.node(second.server())), waiting)
        .flatMap(node -> logs.apartSince(first.server(), node, second.ring().at()).stream())
        .anyMatch(since -> !first.noted().plus(NOTED).isBefore(since));
  }

  /** How many have which reason. */
  Map<DoubleReason, Integer> counts() {
    Map<DoubleReason, Integer> counts = new EnumMap<>(DoubleReason.class);
    reasons
        .values()
        .forEach(found -> found.ifPresent(reason -> counts.merge(reason, 1, Integer::sum)));
    return counts;
  }

  /** What happened to those that have none of these reasons. */
  List<String> besides(Set<DoubleReason> honest) {
    return reasons.entrySet().stream()
        .filter(each -> each.getValue().filter(honest::contains).isEmpty())
        .map(each -> told(each.getKey()))
        .toList();
  }

  private String told(ClusterCall call) {
    return reasons.get(call).map(reason -> reason.words).orElse("no reason found")
        + ": "
        + known(call)
        + " "
        + call.story();
  }

  /** Prints each with its reason, and how many there are of each. */
  void print() {
    reasons.keySet().forEach(call -> System.out.println("rang twice, " + told(call)));
    counts().forEach((reason, number) -> System.out.println(number + " times " + reason.words));
    System.out.println(besides(Set.of(DoubleReason.values())).size() + " without a reason");
  }
}
