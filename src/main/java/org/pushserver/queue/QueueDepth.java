// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

/**
 * The length of one part of a queue, and how old its first push is.
 *
 * @param length how many
 * @param headAgeMs how long the first of them has waited since it was accepted, in milliseconds; 0
 *     when none waits
 */
public record QueueDepth(int length, long headAgeMs) {}
