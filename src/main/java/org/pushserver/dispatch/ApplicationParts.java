// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import org.pushserver.events.Application;
import org.pushserver.events.ApplicationListener;
import org.pushserver.spi.PayloadMaker;
import org.pushserver.spi.PushService;

/**
 * The parts that an application's verticle works with.
 *
 * @param application what it is
 * @param payloads how its notifications are made
 * @param service the way to its push service; the verticle opens and closes it
 * @param applicationListener told of its pushes; the verticle opens and closes it, too
 */
record ApplicationParts(
    Application application,
    PayloadMaker payloads,
    PushService service,
    ApplicationListener applicationListener) {}
