// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The event bus as a door: how other Vert.x services have pushes sent. {@link
 * org.pushserver.bus.PushClient} and what belongs to it are for those services; they run in other
 * processes, too, and stand on Vert.x alone.
 *
 * <p>Any thread. Imports nothing.
 */
package org.pushserver.bus;
