// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Finds application types and push services: the built-in ones on the class path, strangers' as
 * jars and source files in two folders. Each plugin has a class loader of its own, which ends with
 * it.
 *
 * <p>Worker threads, but for what stands between a plugin and the event loop of its application.
 * Imports {@code push} and {@code spi}.
 */
package org.pushserver.plugin;
