// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The program: {@link org.pushserver.Main} reads the command line, {@link org.pushserver.Server}
 * wires the parts. Imports all; nobody imports it.
 */
package org.pushserver;
