// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import java.time.Duration;
import java.util.Objects;
import org.pushserver.push.Kind;

/**
 * How long and how hard one application tries: {@code [delivery]} of general.ini, overridden by the
 * application's own section.
 *
 * @param callDeadline after which a ring or cancel is worthless
 * @param messageDeadline after which a message or transfer is worthless
 * @param requestTimeout how long the push service may take for one answer
 * @param maxQueue how many pushes may wait; more are refused at the door
 * @param maxConnections how many connections to the push service there may be at a time, 1 or more
 */
public record Delivery(
    Duration callDeadline,
    Duration messageDeadline,
    Duration requestTimeout,
    int maxQueue,
    int maxConnections) {

  /** What holds when nothing is configured. */
  public static final Delivery DEFAULT =
      new Delivery(Duration.ofSeconds(64), Duration.ofHours(2), Duration.ofSeconds(10), 100_000, 4);

  public Delivery {
    Objects.requireNonNull(callDeadline, "callDeadline");
    Objects.requireNonNull(messageDeadline, "messageDeadline");
    Objects.requireNonNull(requestTimeout, "requestTimeout");
    if (maxQueue < 1) {
      throw new IllegalArgumentException("maxQueue: " + maxQueue);
    }
    if (maxConnections < 1) {
      throw new IllegalArgumentException("maxConnections: " + maxConnections);
    }
  }

  /**
   * How long a push of this kind is worth sending.
   *
   * @param kind what the push asks of the phone
   * @return from when it was accepted
   */
  public Duration deadline(Kind kind) {
    return kind.isCall() ? callDeadline : messageDeadline;
  }
}
