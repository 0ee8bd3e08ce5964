// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What an operator's tools see of the running server: health, and measures for Prometheus.
 *
 * <p>The endpoints of {@code Pages} answer on event loops, of the main door or of one of their own;
 * {@link org.pushserver.observe.Meters} counts on those of the applications. Imports {@code push},
 * {@code spi}, {@code config}, {@code endpoint}, {@code queue}, {@code events}, {@code tokens},
 * {@code trail}, {@code spool}, {@code dispatch}, {@code cluster} and {@code log}; imported by
 * {@code ingress}.
 */
package org.pushserver.observe;
