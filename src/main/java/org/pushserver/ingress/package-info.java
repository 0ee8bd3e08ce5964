// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * HTTP in: who may come in, wire names and the status codes that callers see live only here. {@code
 * HttpIngress} is the way in.
 *
 * <p>Event loops, one router verticle on each. Imports {@code push}, {@code spi}, {@code pem},
 * {@code config}, {@code dispatch}, {@code observe}, {@code audit} and {@code log}; nobody but the
 * main package imports it.
 */
package org.pushserver.ingress;
