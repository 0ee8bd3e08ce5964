// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import org.pushserver.push.Push;

/** Turns pushes into notifications of one application type on one platform. Pure; any thread. */
@FunctionalInterface
public interface PayloadMaker {
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
}
