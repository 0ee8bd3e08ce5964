// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Sends one push from the command line. Starts fast: the JDK's HTTP client, no Vert.x.
 *
 * <p>One thread, its own process. Imports {@code cli}, and {@code pem} for certificates.
 */
package org.pushserver.client;
