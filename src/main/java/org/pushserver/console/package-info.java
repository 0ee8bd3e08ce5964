// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The console: pages on which people find out why a phone did not ring. Rendered here from
 * templates of the jar, so that they work without a script; read only.
 *
 * <p>{@link org.pushserver.console.Console} has their endpoints. A page answers on the event loop
 * of its connection and is made on a worker thread. What a reader may see is decided by his scope,
 * which every search has. Imports {@code push}, {@code spi}, {@code config}, {@code endpoint},
 * {@code api}, {@code events}, {@code dispatch}, {@code queue}, {@code trail}, {@code tokens},
 * {@code cause}, {@code search}, {@code cluster}, {@code observe}, {@code log} and {@code cli}.
 */
package org.pushserver.console;
