// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * From INI text to immutable settings and a list of what is wrong with them; and noticing when the
 * files have changed.
 *
 * <p>Reading happens on a worker thread; what is read may be used on any. Imports {@code push},
 * {@code spi} and {@code pem}.
 */
package org.pushserver.config;
