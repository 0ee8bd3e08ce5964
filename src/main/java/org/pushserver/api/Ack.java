// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import java.util.UUID;

/**
 * What somebody says of a phone, as it came: of which push, and when the phone woke up and showed
 * it. Immutable. Times are milliseconds since the epoch.
 *
 * @param id of the push; null when it is said by its call-id
 * @param callId null when it is not said
 * @param deviceId as device-ids compare; null when it is not said
 * @param registered the hash of what the phone is registered under; null when it is not said
 * @param wokenAt {@link #NOT} when nothing is said of that
 * @param displayedAt the same
 */
record Ack(
    UUID id, String callId, String deviceId, Integer registered, long wokenAt, long displayedAt) {
  /** It is not said that it happened. */
  static final long NOT = -1;

  /** It happened when this was said, which is as it came. */
  static final long NOW = -2;

  boolean isWoken() {
    return wokenAt != NOT;
  }

  boolean isDisplayed() {
    return displayedAt != NOT;
  }

  /** The call-id for a log; empty for none. */
  String about() {
    return callId == null ? "" : Printable.cut(callId);
  }
}
