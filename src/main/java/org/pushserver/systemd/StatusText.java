// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.systemd;

import java.util.List;
import org.pushserver.dispatch.ApplicationSnapshot;
import org.pushserver.dispatch.RunningApplications;
import org.pushserver.dispatch.Status;
import org.pushserver.spi.Condition.State;

/** How the server stands, in the one line that {@code systemctl status} shows. */
final class StatusText {
  private StatusText() {}

  /**
   * Of all applications together.
   *
   * @param snapshots of those that have answered
   * @param stopping whether the process ends
   */
  static String of(
      RunningApplications applications, List<ApplicationSnapshot> snapshots, boolean stopping) {
    List<Status> statuses = applications.statuses();
    long able = statuses.stream().filter(one -> one.condition().state() == State.CONNECTED).count();
    // A fault of a whole file names none.
    long disabled =
        applications.disabled().stream().filter(one -> !one.section().isEmpty()).count();
    long waiting =
        snapshots.stream()
            .mapToLong(one -> (long) one.counts().waiting() + one.counts().inFlight())
            .sum();
    return (stopping ? "stopping; " : able + " of " + statuses.size() + " applications can send, ")
        + (stopping || disabled == 0 ? "" : disabled + " disabled, ")
        + "pushes under way: "
        + waiting;
  }
}
