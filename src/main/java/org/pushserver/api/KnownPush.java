// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import java.util.Locale;
import java.util.UUID;
import org.pushserver.dispatch.RecentPush;
import org.pushserver.push.AppKey;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailStep;

/**
 * A push that somebody says something of, wherever it was found. Immutable.
 *
 * @param deviceId null when it has none
 * @param acceptedAt milliseconds since the epoch
 * @param woken whether it was known before that its phone woke up
 * @param displayed whether it was known before that its phone showed it
 */
record KnownPush(
    UUID id,
    AppKey app,
    String event,
    String callId,
    String deviceId,
    long acceptedAt,
    boolean woken,
    boolean displayed) {
  /** One of the last minutes. What was known of it, who keeps those knows. */
  static KnownPush of(RecentPush push) {
    return new KnownPush(
        push.id(),
        push.app(),
        push.event().name(),
        push.callId(),
        push.deviceId(),
        push.acceptedAt(),
        false,
        false);
  }

  /** An older one. */
  static KnownPush of(TrailEntry entry) {
    return new KnownPush(
        entry.id(),
        entry.app(),
        entry.event(),
        entry.callId(),
        entry.device().isEmpty() ? null : entry.device(),
        entry.at(),
        has(entry, TrailStep.What.WOKEN),
        has(entry, TrailStep.What.DISPLAYED));
  }

  private static boolean has(TrailEntry entry, TrailStep.What what) {
    return entry.steps().stream().anyMatch(step -> step.what() == what);
  }

  /** As device-ids compare; null for none. */
  String comparedId() {
    return deviceId == null ? null : deviceId.toLowerCase(Locale.ROOT);
  }
}
