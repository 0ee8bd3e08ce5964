// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Persistent HTTP/2 TLS connections to one push service, kept up: how many there should be,
 * connecting, through a proxy or not, back-off, the window of requests that the peer allows,
 * GOAWAY, PING, time-outs; how the application's credentials stand with it; and what all push
 * services have in common in their settings: the proxy, the extra authorities, PEM files.
 *
 * <p>Confined to the event loop of the verticle that opened it. Imports {@code push}, {@code spi},
 * {@code pem} and {@code log}; imported by {@code apns} and {@code fcm}.
 */
package org.pushserver.route;
