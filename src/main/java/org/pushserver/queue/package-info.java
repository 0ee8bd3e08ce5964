// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The waiting pushes of one application: their order and deadlines, what the pushes of one call
 * mean to each other, when to try again, and how much may wait.
 *
 * <p>{@link org.pushserver.queue.SendQueue} is the way through; each one is confined to the event
 * loop of its application, without locks. {@link org.pushserver.queue.QueueMemory} is shared by
 * all. Knows no event bus, no verticle and no push service by name. Imports {@code push}, {@code
 * spi} and {@code events}.
 */
package org.pushserver.queue;
