// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The notifications that Sylk Mobile expects.
 *
 * <p>Any thread. Imports {@code push} and {@code spi}.
 */
package org.pushserver.sylk;
