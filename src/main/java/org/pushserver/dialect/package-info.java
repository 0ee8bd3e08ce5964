// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What others send: one reader and one writer for each dialect, over the push that everybody has.
 * No dialect knows another, and none is loaded while its door is shut.
 *
 * <p>The event loop that the request came to. Imports {@code api}, {@code audit}, {@code config},
 * {@code log}, {@code push} and {@code spi}; only what requests come in by imports it.
 */
package org.pushserver.dialect;
