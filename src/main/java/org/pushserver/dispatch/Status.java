// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.time.Instant;
import java.util.Objects;
import org.pushserver.events.Application;
import org.pushserver.spi.Condition;

/**
 * How one application stands with its push service. Immutable.
 *
 * @param application which
 * @param condition whether it can send, and why not
 * @param since since when the condition has this state, milliseconds since the epoch; reasons may
 *     have changed since
 * @param credentialExpiry when its credentials end by themselves; null when they do not
 */
public record Status(
    Application application, Condition condition, long since, Instant credentialExpiry) {
  public Status {
    Objects.requireNonNull(application, "application");
    Objects.requireNonNull(condition, "condition");
  }

  /** The first status of an application, or that of one that another configuration has changed. */
  static Status of(ApplicationParts parts, long since) {
    return new Status(
        parts.application(),
        parts.service().condition(),
        since,
        parts.service().credentialExpiry().orElse(null));
  }

  /** The status after this one; this one when nothing has changed. */
  Status after(ApplicationParts parts, long now) {
    Condition next = parts.service().condition();
    if (next.state() != condition.state()) {
      return of(parts, now);
    }
    return next.equals(condition) && parts.application().equals(application)
        ? this
        : of(parts, since);
  }
}
