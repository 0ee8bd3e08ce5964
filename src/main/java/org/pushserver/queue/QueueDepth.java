// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

/**
 * How many pushes of one kind wait for their turn.
 *
 * @param length how many
 * @param headAgeMs how long the first of them has waited since it was accepted, in milliseconds; 0
 *     when none waits
 */
public record QueueDepth(int length, long headAgeMs) {}
