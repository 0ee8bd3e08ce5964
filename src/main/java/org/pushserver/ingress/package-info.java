// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * HTTP in: connections, who may come in, and what is read before a request is one. {@code
 * HttpIngress} opens it, {@code ApiEndpoints} is the list of what it can be asked for.
 *
 * <p>Event loops, one router verticle on each. Imports {@code spi}, {@code pem}, {@code config},
 * {@code endpoint}, {@code api}, {@code dialect}, {@code dispatch}, {@code observe}, {@code audit}
 * and {@code log}; nobody but the main package imports it.
 */
package org.pushserver.ingress;
