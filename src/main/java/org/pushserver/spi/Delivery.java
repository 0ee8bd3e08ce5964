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
 * @param messageDeadline after which a message or transfer is worthless; a wake-up after two
 *     minutes at the latest
 * @param requestTimeout how long the push service may take for one answer
 * @param maxQueue how many pushes may wait; more are refused at the door
 * @param maxConnections how many connections to the push service there may be at a time, 1 or more
 * @param callTtl after which a ring or cancel is worthless whose sender does not say; null for
 *     {@code callDeadline}
 * @param answerWait after which a sender is answered at the latest who does not say; zero for at
 *     once, null for what the server does
 * @param repeatAfter how long after its delivery a ring is pushed once more of whose phone nothing
 *     was heard; null for never
 */
public record Delivery(
    Duration callDeadline,
    Duration messageDeadline,
    Duration requestTimeout,
    int maxQueue,
    int maxConnections,
    Duration callTtl,
    Duration answerWait,
    Duration repeatAfter) {

  /** RFC 8599: a registration is refreshed 120 s before it ends. */
  private static final Duration WAKE = Duration.ofMinutes(2);

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
   * One in which senders say how long they wait.
   *
   * @param callDeadline after which a ring or cancel is worthless
   * @param messageDeadline after which a message or transfer is worthless
   * @param requestTimeout how long the push service may take for one answer
   * @param maxQueue how many pushes may wait
   * @param maxConnections how many connections to the push service there may be at a time
   */
  public Delivery(
      Duration callDeadline,
      Duration messageDeadline,
      Duration requestTimeout,
      int maxQueue,
      int maxConnections) {
    this(callDeadline, messageDeadline, requestTimeout, maxQueue, maxConnections, null, null);
  }

  /**
   * One in which no ring is pushed once more.
   *
   * @param callDeadline after which a ring or cancel is worthless
   * @param messageDeadline after which a message or transfer is worthless
   * @param requestTimeout how long the push service may take for one answer
   * @param maxQueue how many pushes may wait
   * @param maxConnections how many connections to the push service there may be at a time
   * @param callTtl after which a ring or cancel is worthless whose sender does not say
   * @param answerWait after which a sender is answered at the latest who does not say
   */
  public Delivery(
      Duration callDeadline,
      Duration messageDeadline,
      Duration requestTimeout,
      int maxQueue,
      int maxConnections,
      Duration callTtl,
      Duration answerWait) {
    this(
        callDeadline,
        messageDeadline,
        requestTimeout,
        maxQueue,
        maxConnections,
        callTtl,
        answerWait,
        null);
  }

  /**
   * How long a push of this kind is worth sending at the most.
   *
   * @param kind what the push asks of the phone
   * @return from when it was accepted
   */
  public Duration deadline(Kind kind) {
    if (kind == Kind.WAKE && WAKE.compareTo(messageDeadline) < 0) {
      return WAKE;
    }
    return kind.isCall() ? callDeadline : messageDeadline;
  }

  /**
   * How long a push of this kind is worth sending when its sender does not say.
   *
   * @param kind what the push asks of the phone
   * @return from when it was accepted; never more than the {@link #deadline}
   */
  public Duration ttl(Kind kind) {
    return kind.isCall() && callTtl != null && callTtl.compareTo(callDeadline) < 0
        ? callTtl
        : deadline(kind);
  }
}
