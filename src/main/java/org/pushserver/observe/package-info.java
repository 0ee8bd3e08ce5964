// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What an operator's tools see of the running server: health, and measures for Prometheus.
 *
 * <p>{@link org.pushserver.observe.Pages} answers on event loops, of the main door or of one of its
 * own; {@link org.pushserver.observe.Meters} counts on those of the applications. Imports {@code
 * push}, {@code spi}, {@code config}, {@code dispatch} and {@code log}; imported by {@code
 * ingress}.
 */
package org.pushserver.observe;
