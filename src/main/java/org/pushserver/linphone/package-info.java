// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The notifications that Linphone expects; open to extension by custom application types.
 *
 * <p>Any thread. Imports {@code push} and {@code spi}.
 */
package org.pushserver.linphone;
