// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import java.util.Optional;
import org.pushserver.push.Push;

/** Turns pushes into notifications of one application type on one platform. Pure; any thread. */
@FunctionalInterface
public interface PayloadMaker {
  /** By which name the app finds the push's id. */
  String PUSH_ID = "push-id";

  /** By which name the app finds when the push is over. */
  String EXPIRES_AT = "expires-at";

  /**
   * Makes the notification for one attempt. It is made anew for each, because what is left of the
   * push's life goes into it, and so that a waiting push costs no more memory than it must.
   *
   * @param push what to tell
   * @param now milliseconds since the epoch, before the push's deadline
   * @return what {@link PushService#send} is given
   * @throws RuntimeException when this push cannot be told: it ends as refused, with the message
   */
  Payload make(Push push, long now);

  /**
   * The same notifications, which also tell the app which push they are, by {@code push-id}, and
   * until when they are worth anything, by {@code expires-at}, milliseconds since the epoch: so
   * that the app can say what became of the push, and shows no call that is over. For applications
   * with {@code payload_id = yes}.
   *
   * @return empty when these have no place for it, as by default
   */
  default Optional<PayloadMaker> identified() {
    return Optional.empty();
  }
}
