// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * From INI text to immutable settings and a list of what is wrong with them; and noticing when the
 * files have changed.
 *
 * <p>Reading happens on a worker thread; what is read may be used on any. Which keys a section may
 * have, and which of them name files, push services and application types say themselves: plugins
 * are loaded first. Imports {@code push}, {@code spi}, {@code pem} and {@code plugin}.
 */
package org.pushserver.config;
