// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * HTTP in: who may come in, wire names and the status codes that callers see live only here. {@code
 * HttpIngress} opens it, {@code ApiEndpoints} is the list of what it can be asked for.
 *
 * <p>Event loops, one router verticle on each. Imports {@code push}, {@code spi}, {@code pem},
 * {@code config}, {@code endpoint}, {@code events}, {@code dispatch}, {@code observe}, {@code
 * audit} and {@code log}; nobody but the main package imports it.
 */
package org.pushserver.ingress;
