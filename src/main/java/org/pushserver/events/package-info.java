// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What happened to a push, and who is told: the queue tells, and logs, metrics, collectors and the
 * event bus listen.
 *
 * <p>Told on the event loop of the application, in the middle of its work; what a listener throws
 * hurts neither the push nor the others. Imports {@code push} and {@code spi}.
 */
package org.pushserver.events;
