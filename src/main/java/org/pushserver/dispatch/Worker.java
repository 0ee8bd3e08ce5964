// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import org.pushserver.spi.PayloadMaker;
import org.pushserver.spi.PushService;

/**
 * What an application's verticle works with.
 *
 * @param application what it is
 * @param payloads how its notifications are made
 * @param service the way to its push service; the verticle opens and closes it
 * @param reporter told of its pushes; the verticle opens and closes it, too
 */
record Worker(
    Application application, PayloadMaker payloads, PushService service, Reporter reporter) {
  /** One whose pushes are nobody else's business. */
  Worker(Application application, PayloadMaker payloads, PushService service) {
    this(application, payloads, service, Reporter.NONE);
  }
}
