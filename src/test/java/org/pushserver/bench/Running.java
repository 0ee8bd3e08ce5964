// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

/**
 * A server that was started.
 *
 * @param child its process
 * @param port it listens on
 */
record Running(Child child, int port) {}
