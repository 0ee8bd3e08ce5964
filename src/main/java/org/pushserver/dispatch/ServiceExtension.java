// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import org.pushserver.events.Application;
import org.pushserver.spi.PayloadMaker;
import org.pushserver.spi.PushService;

/** Gives the push services of applications further ways to send. Any thread. */
@FunctionalInterface
public interface ServiceExtension {
  /** Each has its own way, and no other. */
  ServiceExtension NONE = (application, payloads, own) -> own;

  /**
   * Extends the service of one application, when it is made.
   *
   * @param payloads how its notifications are made
   * @param own not opened yet
   * @return what is opened, used and closed in its place
   */
  PushService extend(Application application, PayloadMaker payloads, PushService own);
}
