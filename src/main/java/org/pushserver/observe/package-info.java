// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What an operator's tools see of the running server: health, and measures for Prometheus.
 *
 * <p>{@link org.pushserver.observe.Pages} answers on event loops, of the door or of {@link
 * org.pushserver.observe.AdminVerticle}. Imports {@code push}, {@code spi} and {@code dispatch};
 * imported by {@code ingress}.
 */
package org.pushserver.observe;
