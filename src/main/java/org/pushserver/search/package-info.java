// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The trail for programs, over HTTP: what became of a call, of pushes that are searched for, and of
 * each push from now on.
 *
 * <p>{@link org.pushserver.search.TrailApi} has the endpoints, which stand at both doors; whoever
 * asks sees what {@code KeyScope} lets him see. Event loops; answers are written on worker threads.
 * Imports {@code push}, {@code spi}, {@code config}, {@code endpoint}, {@code api}, {@code trail},
 * {@code cause} and {@code observe}.
 */
package org.pushserver.search;
