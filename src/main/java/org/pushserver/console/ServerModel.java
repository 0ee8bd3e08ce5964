// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import org.pushserver.cluster.NodeReport;

/**
 * A server of the cluster, as a row of a table. Immutable.
 *
 * @param state in words
 * @param style of the state
 * @param since when it was started; null when that is not known
 * @param connected how many of its applications can send
 */
record ServerModel(
    String name,
    boolean isSelf,
    String state,
    String style,
    String version,
    Moment since,
    String connected,
    long waiting) {
  static ServerModel of(NodeReport report) {
    return new ServerModel(
        Excerpt.of(report.node().name()).text(),
        report.isSelf(),
        state(report),
        report.answers() && !report.isStopping() ? "good" : "bad",
        Excerpt.of(report.node().version()).text(),
        report.since() == 0 ? null : Moment.of(report.since()),
        report.up() + " of " + report.applications(),
        report.waiting());
  }

  private static String state(NodeReport report) {
    if (!report.answers()) {
      return report.since() == 0
          ? "has not told anything yet"
          : "does not answer for " + Moment.span(report.silentMs());
    }
    return report.isStopping() ? "stops" : "answers";
  }
}
