// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The applications that run, and the way to them: which application a push is for, that
 * application's verticle with its send queue and its push service, and what changes when the
 * configuration does.
 *
 * <p>One event loop per application verticle; {@link org.pushserver.dispatch.Dispatcher} may be
 * called from any event loop. Knows no push service and no application type by name. Nobody else
 * but {@code bus} uses the event bus. Imports {@code push}, {@code spi}, {@code plugin}, {@code
 * queue}, {@code events} and {@code compact}.
 */
package org.pushserver.dispatch;
