// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import io.vertx.core.Future;
import java.util.Optional;
import org.pushserver.events.Application;
import org.pushserver.push.AppKey;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;

/**
 * Takes pushes to the verticles of their applications. Call it on an event loop; it never blocks.
 */
public interface Dispatcher {
  /** The application that runs under this key now; empty when there is none. */
  Optional<Application> application(AppKey key);

  /** The section that is, or may be, meant for this key, and is disabled; empty when none is. */
  Optional<DisabledSection> disabled(AppKey key);

  /**
   * The canonical name of a push service, by which its applications are known.
   *
   * @param name any name of it; one that nobody has is returned as it is
   */
  String platform(String name);

  /** Whether any application, or any push service, goes by this canonical platform name. */
  boolean hasPlatform(String platform);

  /**
   * Sends a push and waits for its end.
   *
   * @return completes with the outcome, at the latest shortly after the push's deadline; does not
   *     fail
   */
  Future<Outcome> deliver(Push push);

  /**
   * Accepts a push and leaves it to itself.
   *
   * @return completes as soon as it is kept: empty when it was accepted, else with why it was not;
   *     does not fail
   */
  Future<Optional<Outcome>> accept(Push push);
}
