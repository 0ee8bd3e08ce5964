// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import org.pushserver.events.ReportEnd;
import org.pushserver.events.ReportListener;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailNote;
import org.pushserver.trail.TrailStep;

/**
 * Puts down in the trail that the owner of an application was told how a push ended, or that this
 * was given up. Any thread.
 */
final class TrailNotes implements ReportListener {
  private final Trail trail;
  private final ReportListener next;

  /**
   * @param next told, too
   */
  TrailNotes(Trail trail, ReportListener next) {
    this.trail = trail;
    this.next = next;
  }

  @Override
  public void reported(ReportEnd report) {
    next.reported(report);
    // A list of dead tokens is of several pushes, and a try that failed is followed by another.
    if (report.kind() == ReportEnd.Kind.DEAD_TOKENS || report.result() == ReportEnd.Result.FAILED) {
      return;
    }
    String who = report.kind() == ReportEnd.Kind.WEBHOOK ? "webhook " : "collector ";
    String given = report.result() == ReportEnd.Result.DROPPED ? ", given up: " + report.why() : "";
    trail.note(
        new TrailNote(
            report.push(),
            report.app(),
            report.callId(),
            new TrailStep(
                TrailStep.What.TOLD,
                report.at(),
                0,
                report.status(),
                who + report.url() + given,
                -1,
                "",
                0)));
  }
}
