// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.util.Objects;
import java.util.UUID;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;

/**
 * A push of the last minutes, as far as somebody has to know it who hears of its phone. Immutable.
 *
 * @param callId as received; may be empty
 * @param deviceId null when the request had none
 * @param acceptedAt when it was accepted, milliseconds since the epoch
 * @param deliveredAt when the push service had taken it, the same; 0 while that is not known
 */
public record RecentPush(
    UUID id,
    AppKey app,
    Event event,
    String callId,
    String deviceId,
    long acceptedAt,
    long deliveredAt) {
  public RecentPush {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(app, "app");
    Objects.requireNonNull(event, "event");
    Objects.requireNonNull(callId, "callId");
  }
}
