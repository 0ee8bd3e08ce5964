// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.util.Objects;
import java.util.UUID;
import org.pushserver.push.AppKey;

/**
 * What became known of a push after its end: the phone's acknowledgement, an answer that came too
 * late, a collector that was told at last. A search shows it among the steps of its push.
 *
 * @param push which push
 * @param app its application
 * @param callId its call-id, as received
 * @param step what happened
 */
public record TrailNote(UUID push, AppKey app, String callId, TrailStep step) {
  public TrailNote {
    Objects.requireNonNull(push, "push");
    Objects.requireNonNull(app, "app");
    Objects.requireNonNull(callId, "callId");
    Objects.requireNonNull(step, "step");
  }
}
