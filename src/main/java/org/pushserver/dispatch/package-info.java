// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * From a push to its outcome: which application it is for, that application's verticle with its
 * queue and its push service, and when to try again.
 *
 * <p>One event loop per application verticle; {@link org.pushserver.dispatch.Dispatcher} may be
 * called from any event loop. Knows no push service and no application type by name. The only user
 * of the event bus.
 */
package org.pushserver.dispatch;
