// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Where log lines go and what they look like: console, file and systemd's journal, as text or JSON.
 *
 * <p>An event loop only puts a line into a bounded queue; each sink has a thread of its own, which
 * makes the text and may wait for a disk or a pipe. What a sink cannot take is dropped and counted.
 * Imports nothing of ours.
 */
package org.pushserver.log;
