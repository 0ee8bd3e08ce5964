// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.events;

import org.pushserver.push.Answer;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Payload;

/**
 * One attempt to send a push.
 *
 * @param number from 1; an attempt that the push service certainly did not see has the number of
 *     the next
 * @param payload what was sent
 * @param answer what the service said; null when the attempt failed
 * @param failure why there is no answer; null when there is one
 * @param startedAt when it began, milliseconds since the epoch
 * @param tookNanos how long it took
 */
public record Attempt(
    int number, Payload payload, Answer answer, Throwable failure, long startedAt, long tookNanos) {
  /** Whether the push service saw it, or may have. */
  public boolean wasSent() {
    return !(failure instanceof NotSentException);
  }
}
