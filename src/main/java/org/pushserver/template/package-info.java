// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Notifications from a template in the configuration directory: a custom application without code.
 * The template language is Mustache; values can only become parts of JSON strings, or whole JSON
 * values.
 *
 * <p>Templates are read and checked on a worker thread, and filled in on any. Imports {@code push}
 * and {@code spi}.
 */
package org.pushserver.template;
