// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What a push is, and what can come of it: immutable values that check themselves when built.
 *
 * <p>Any thread. Imports nothing but {@code java.*}; everybody may import it.
 */
package org.pushserver.push;
