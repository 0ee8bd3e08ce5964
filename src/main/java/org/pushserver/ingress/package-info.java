// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * HTTP in: wire names and the status codes that callers see live only here.
 *
 * <p>Event loops, one router verticle on each. Imports {@code push}, {@code spi}, {@code config},
 * {@code dispatch} and {@code observe}; nobody but {@code Main} imports it.
 */
package org.pushserver.ingress;
