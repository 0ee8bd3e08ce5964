// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.pushserver.endpoint.PathTable;

/**
 * Counts the answers of a door by path and status. Paths are those of its endpoints, so no request
 * can make it grow. Confined to one event loop; those of several count into the same meters.
 */
public final class AnsweredRequests {
  /** All that is asked for and does not exist. */
  private static final String OTHER = "other";

  private static final int STATUSES = 600;

  private final MeterRegistry registry;
  private final PathTable paths;
  private final Counter[] counters;

  AnsweredRequests(MeterRegistry registry, PathTable paths) {
    this.registry = registry;
    this.paths = paths;
    counters = new Counter[(paths.size() + 1) * STATUSES];
    for (int path = 0; path <= paths.size(); path++) {
      // Shown from the start on, so that the first one is seen as an increase.
      Counter unused = counter(path, 500);
    }
  }

  /**
   * A request was answered.
   *
   * @param path as it was asked for; null when it could not be read
   */
  public void count(String path, int status) {
    counter(paths.number(path), status >= 100 && status < STATUSES ? status : 0).increment();
  }

  private Counter counter(int path, int status) {
    int at = path * STATUSES + status;
    Counter counter = counters[at];
    if (counter == null) {
      // The registry gives the same meter for the same labels.
      counter =
          Counter.builder("pushserver.requests")
              .description("Requests that were answered")
              .tags(
                  "path",
                  path == paths.size() ? OTHER : paths.path(path),
                  "status",
                  status == 0 ? OTHER : Integer.toString(status))
              .register(registry);
      counters[at] = counter;
    }
    return counter;
  }
}
