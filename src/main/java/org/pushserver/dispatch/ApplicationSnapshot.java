// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
    Instant tokenExpiry) {
  private static final long LOOK_MS = 1_000;

  /** Completes with those that come within a second; does not fail. */
  static Future<List<ApplicationSnapshot>> inTime(List<Future<ApplicationSnapshot>> all) {
    // One timer: a thousand applications would have one each, set and cancelled on another thread.
    return Future.join(all)
        .timeout(LOOK_MS, TimeUnit.MILLISECONDS)
        .transform(
            done ->
                Future.succeededFuture(
                    all.stream().filter(Future::succeeded).map(Future::result).toList()));
  }
}
