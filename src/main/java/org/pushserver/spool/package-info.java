// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What was accepted, on disk until its end, so that it outlives the process. Loaded only when a
 * spool is configured.
 *
 * <p>{@link org.pushserver.spool.Spool} may be used on any thread and never blocks; one thread of
 * its own writes. Imports {@code push}, {@code spi}, {@code queue}, {@code wire}, {@code compact}
 * and {@code log}.
 */
package org.pushserver.spool;
