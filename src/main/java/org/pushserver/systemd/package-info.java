// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What a service manager, which is systemd, is told of the process that is a server: that it is
 * ready, how it stands, that it reads its configuration anew, that it ends, and that its event
 * loops turn.
 *
 * <p>Used by {@code Main} alone, on one event loop; no class of it but {@link
 * org.pushserver.systemd.ServiceManager} is loaded unless systemd wants to be told. Imports {@code
 * spi}, {@code queue}, {@code dispatch} and {@code log}.
 */
package org.pushserver.systemd;
