// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Persistent HTTP/2 TLS connections to one push service, kept up: how many there should be,
 * connecting, through a proxy or not, back-off, the window of requests that the peer allows,
 * GOAWAY, PING, time-outs. Besides: bounded requests over clients that others use, too.
 *
 * <p>Confined to the event loop of the verticle that opened it. Imports {@code spi} and {@code
 * log}; imported by {@code pns}, the push services and {@code audit}.
 */
package org.pushserver.route;
