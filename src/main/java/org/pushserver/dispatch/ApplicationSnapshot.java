// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.time.Instant;
import org.pushserver.queue.PushCounts;
import org.pushserver.queue.QueueDepth;
import org.pushserver.spi.Connections;

/**
 * One look at all that can be measured of an application, at one moment. Immutable.
 *
 * @param status how it stands with its push service
 * @param counts what became of its pushes
 * @param calls what waits for its turn of calls and their cancels
 * @param others what waits for its turn of all else
 * @param connections to its push service
 * @param tokenExpiry when the token ends that it sends now; null when there is none
 */
public record ApplicationSnapshot(
    Status status,
    PushCounts counts,
    QueueDepth calls,
    QueueDepth others,
    Connections connections,
    Instant tokenExpiry) {}
