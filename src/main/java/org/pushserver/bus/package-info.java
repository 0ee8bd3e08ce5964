// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The event bus as a door: how other Vert.x services have pushes sent. {@link
 * org.pushserver.bus.BusIngress} opens it. {@link org.pushserver.bus.PushClient} and what belongs
 * to it are for those services; they run in other processes, too, and stand on Vert.x alone.
 *
 * <p>The event loop that a message came to; the client on any thread. Imports {@code spi}, {@code
 * config}, {@code api}, {@code dispatch}, {@code observe}, {@code audit} and {@code log}; of the
 * server, only main imports it.
 */
package org.pushserver.bus;
