// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

/** Takes what a {@link TrailListener} has put together, and does not wait. */
interface TrailIntake {
  /** Takes a push that has ended. */
  void offer(TrailDraft ended);

  /** Takes what became known of one after its end. */
  void offer(TrailNote note);
}
