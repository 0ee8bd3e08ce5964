// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.Objects;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.push.Response;

/**
 * A push that was delivered.
 *
 * @param response what the push service said
 * @param attempts how often it was asked
 */
public record DeliveredPush(Push push, Response response, int attempts) {
  public DeliveredPush {
    Objects.requireNonNull(push, "push");
    Objects.requireNonNull(response, "response");
  }

  /** How it ended, and all that share its end. */
  Outcome outcome() {
    return new Outcome(Result.DELIVERED, response, attempts);
  }
}
