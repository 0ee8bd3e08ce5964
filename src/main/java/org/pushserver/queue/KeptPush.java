// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.Objects;
import org.pushserver.push.Push;

/**
 * A push that has not ended, as a store or another server gives it back: enough to go on with it.
 *
 * @param push the same, with its id
 * @param attempts how often the push service answered, or may have seen it; 0 or more
 * @param mayHaveArrived whether an attempt that did not end it may have reached the phone
 */
public record KeptPush(Push push, int attempts, boolean mayHaveArrived) {
  public KeptPush {
    Objects.requireNonNull(push, "push");
    if (attempts < 0) {
      throw new IllegalArgumentException("attempts: " + attempts);
    }
  }

  /**
   * One that was not sent yet.
   *
   * @param push the same, with its id
   */
  public KeptPush(Push push) {
    this(push, 0, false);
  }
}
