// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The notifications that Sylk Mobile expects; open to extension by custom application types.
 *
 * <p>Any thread. Imports {@code push} and {@code spi}.
 */
package org.pushserver.sylk;
