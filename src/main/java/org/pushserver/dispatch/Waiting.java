// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import io.vertx.core.eventbus.Message;
import org.pushserver.push.Push;
import org.pushserver.push.Response;

/**
 * A push in the hands of its application's verticle, with what became of it so far. Confined to the
 * verticle's event loop; kept small, because a hundred thousand may wait.
 */
final class Waiting {
  final Push push;

  /** Takes the outcome; null when nobody waits for it. */
  final Message<Job> caller;

  /** Its number in the order of arrival, given by the queue; 0 before that. */
  long place;

  /** How often the service answered, or may have seen it. */
  int attempts;

  /** How often it could not be handed to the service at all, since the last time that it could. */
  int setbacks;

  /** The service's last word; null when it never answered. */
  Response last;

  Waiting(Push push, Message<Job> caller) {
    this.push = push;
    this.caller = caller;
  }
}
