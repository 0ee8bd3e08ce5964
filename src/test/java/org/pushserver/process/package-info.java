// SPDX-License-Identifier: GPL-3.0-or-later
/** The program in a JVM of its own, as operators run it: signals, logs, memory, surroundings. */
package org.pushserver.process;
