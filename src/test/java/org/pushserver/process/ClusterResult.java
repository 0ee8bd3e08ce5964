// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * What came of the calls of a {@link ClusterLoad}.
 *
 * @param asked calls
 * @param lost those that rang no phone and were not cancelled, whatever their callers were told
 * @param doubledOnes those that rang a phone more than once
 * @param lateOnes those that rang after their cancel, or after their time
 * @param refused of the lost, those whose callers were told so
 * @param slowestMs the longest way from a caller to a phone
 * @param rings all, of all calls
 */
record ClusterResult(
    int asked,
    int lost,
    List<ClusterCall> doubledOnes,
    List<ClusterCall> lateOnes,
    int refused,
    long slowestMs,
    List<ClusterCall.Ring> rings) {
  /**
   * What a busy machine takes from the push service's answer to the note of it at another server.
   */
  private static final Duration NOTED = Duration.ofMillis(500);

  static ClusterResult of(Collection<ClusterCall> calls) {
    return new ClusterResult(
        calls.size(),
        (int) calls.stream().filter(ClusterCall::isLost).count(),
        calls.stream().filter(ClusterCall::isDoubled).toList(),
        calls.stream().filter(ClusterCall::isLate).toList(),
        (int) calls.stream().filter(ClusterCall::isRefused).count(),
        calls.stream().mapToLong(ClusterCall::slowestMs).max().orElse(0),
        calls.stream().flatMap(call -> call.rings().stream()).toList());
  }

  int doubled() {
    return doubledOnes.size();
  }

  int late() {
    return lateOnes.size();
  }

  /** What happened to the late ones, for whoever wants to know why. */
  String lateStories() {
    return stories(lateOnes);
  }

  private static String stories(List<ClusterCall> calls) {
    return calls.size()
        + " in all:\n"
        + String.join("\n", calls.stream().limit(20).map(ClusterCall::story).toList());
  }

  /**
   * The doubled ones that nothing excuses: whose first ring was not with the push service, or noted
   * nowhere else, when the fault came.
   *
   * @param from when it came
   * @param to when it had come for certain
   */
  List<ClusterCall> doubledBesides(Instant from, Instant to) {
    return doubledOnes.stream()
        .filter(call -> !call.isOnItsWay(from.minus(NOTED), to.plus(NOTED)))
        .toList();
  }

  /**
   * The doubled ones of which the first ring came by a server that went on meanwhile, so that
   * nobody had to ring again; unless their caller asked again, because the answer was on its way to
   * him through a server that stopped.
   *
   * @param from after a server had stopped
   * @param to before it went on; {@link Instant#MAX} when it never did
   */
  List<ClusterCall> doubledByLiving(Instant from, Instant to) {
    return doubledOnes.stream()
        .filter(call -> !(call.isAskedAgain() && call.first().at().isBefore(from)))
        .filter(call -> wentOn(call.first().connection(), from.plus(NOTED), to))
        .toList();
  }

  private boolean wentOn(String connection, Instant from, Instant to) {
    return rings.stream()
        .filter(ring -> ring.connection().equals(connection))
        .anyMatch(ring -> ring.at().isAfter(from) && ring.at().isBefore(to));
  }

  String line(String fault) {
    return String.format(
        Locale.ROOT,
        "| %-44s | %6d | %4d | %7d | %4d | %7d | %7d ms |",
        fault,
        asked,
        lost,
        doubled(),
        late(),
        refused,
        slowestMs);
  }

  static String head() {
    return "| fault                                        |  calls | lost | doubled | late |"
        + " refused |    slowest |";
  }

  /** Prints it. */
  void print(String fault) {
    System.out.println(head());
    System.out.println(line(fault));
    if (!doubledOnes.isEmpty()) {
      System.out.println("doubled, " + stories(doubledOnes));
    }
  }
}
