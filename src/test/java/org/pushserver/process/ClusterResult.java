// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

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
 * @param calls all
 */
record ClusterResult(
    int asked,
    int lost,
    List<ClusterCall> doubledOnes,
    List<ClusterCall> lateOnes,
    int refused,
    long slowestMs,
    List<ClusterCall> calls) {
  static ClusterResult of(Collection<ClusterCall> calls) {
    return new ClusterResult(
        calls.size(),
        (int) calls.stream().filter(ClusterCall::isLost).count(),
        calls.stream().filter(ClusterCall::isDoubled).toList(),
        calls.stream().filter(ClusterCall::isLate).toList(),
        (int) calls.stream().filter(ClusterCall::isRefused).count(),
        calls.stream().mapToLong(ClusterCall::slowestMs).max().orElse(0),
        List.copyOf(calls));
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

  /** Why calls rang twice, as far as the servers' logs and the times say. */
  ClusterDoubles doubles(ClusterLogs logs, ClusterFault... faults) {
    return new ClusterDoubles(calls, logs, List.of(faults));
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
  }
}
