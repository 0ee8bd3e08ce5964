// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What can be asked of the server, whatever a request comes in by: fields and their limits, who may
 * send, the push that comes of it, and what its sender is answered.
 *
 * <p>The event loop that the request came to. Imports {@code push}, {@code spi}, {@code contact},
 * {@code config}, {@code events}, {@code tokens}, {@code trail}, {@code dispatch}, {@code observe},
 * {@code audit} and {@code log}; only what requests come in by imports it.
 */
package org.pushserver.api;
