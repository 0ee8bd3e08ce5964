// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Numbers and bytes in the place of objects, where there are very many small things: records of
 * texts, and an index of them. Knows nothing of pushes.
 *
 * <p>Confined to one thread each, unless said otherwise. Imports nothing of ours.
 */
package org.pushserver.compact;
