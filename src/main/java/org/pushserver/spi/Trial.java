// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import java.util.Objects;
import java.util.UUID;
import org.pushserver.push.AppKey;
import org.pushserver.push.Details;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Push;

/**
 * What came of trying an application's credentials without any phone noticing.
 *
 * @param finding in one word
 * @param words what the push service said and what to do about it, in an operator's words, without
 *     secrets
 */
public record Trial(Finding finding, String words) {
  /** What it came to. */
  public enum Finding {
    /** The push service takes them. */
    TAKEN,
    /** The push service can be reached; it takes a push to a phone to learn more. */
    UNTRIED,
    /** The push service was reached, and does not take them. */
    REFUSED,
    /** The push service could not be reached. */
    UNREACHED,
    /** The push service was reached, and said nothing of them. */
    UNKNOWN
  }

  /** Long enough for an answer; worth nothing a moment later. */
  private static final long LIFE_MS = 30_000;

  public Trial {
    Objects.requireNonNull(finding, "finding");
    Objects.requireNonNull(words, "words");
  }

  /**
   * A push that says nothing, to try credentials with.
   *
   * @param app the application whose credentials are tried
   * @param nobody a device token that the push service takes for one, and that no phone has
   * @param now milliseconds since the epoch
   * @return worth sending for half a minute
   */
  public static Push push(AppKey app, String nobody, long now) {
    return new Push(
        UUID.randomUUID(),
        app,
        new Device(nobody, null),
        Event.MESSAGE,
        "check-config",
        new Details(null, null, null, null, true, null, 0, null, null, null, null, null),
        now,
        now + LIFE_MS);
  }
}
