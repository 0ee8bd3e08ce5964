// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What happened to each push, told to whom it concerns: the lines of the log, and the collectors
 * and webhooks that an application's owner may have.
 *
 * <p>Told as a {@link org.pushserver.events.PushListener}, on the event loop of the push's
 * application; nothing here makes a push wait. Imports {@code push}, {@code spi}, {@code events},
 * {@code trail}, {@code cause}, {@code log} and, to ask collectors, {@code route}.
 */
package org.pushserver.audit;
