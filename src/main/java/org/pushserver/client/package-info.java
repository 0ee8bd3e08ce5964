// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Sends one push from the command line. Starts fast: the JDK's HTTP client, no Vert.x.
 *
 * <p>One thread, its own process. Imports nothing of ours.
 */
package org.pushserver.client;
