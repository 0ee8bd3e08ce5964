// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.client;

/**
 * What a program has left.
 *
 * @param code its exit code
 * @param out what it printed
 * @param err what it said of errors
 */
record Ended(int code, String out, String err) {}
