// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import org.pushserver.spi.Time;

/**
 * Looks at how full the connections of a route are: often while they seem full, each minute while
 * there are more than one, else not at all. Nothing of it is done for each request. Event loop
 * only.
 */
final class LoadSampler {
  private static final long NONE = -1;

  private final Time time;
  private final OpenConnections open;
  private final Demand demand;
  private final Runnable wantedChanged;
  private long lookTimer = NONE;
  private long reviewTimer = NONE;

  /**
   * @param wantedChanged called when {@link Demand#wanted} has changed
   */
  LoadSampler(Time time, OpenConnections open, Demand demand, Runnable wantedChanged) {
    this.time = time;
    this.open = open;
    this.demand = demand;
    this.wantedChanged = wantedChanged;
  }

  /** To be called when a request took the last room. */
  void full() {
    if (lookTimer == NONE && demand.mayGrow() && open.size() >= demand.wanted()) {
      lookTimer = time.timer(Demand.LOOK_MS, this::look);
    }
  }

  private void look() {
    lookTimer = NONE;
    int before = demand.wanted();
    // While another is being opened, those that there are say nothing.
    if (demand.look(open.isFull() && open.size() >= before)) {
      lookTimer = time.timer(Demand.LOOK_MS, this::look);
    }
    if (demand.wanted() != before) {
      if (reviewTimer == NONE) {
        reviewTimer = time.timer(Demand.REVIEW_MS, this::review);
      }
      wantedChanged.run();
    }
  }

  private void review() {
    reviewTimer = NONE;
    int before = demand.wanted();
    demand.review(open.hadSpare(before));
    if (demand.wanted() > 1) {
      reviewTimer = time.timer(Demand.REVIEW_MS, this::review);
    }
    if (demand.wanted() != before) {
      wantedChanged.run();
    }
  }

  void close() {
    time.cancel(lookTimer);
    time.cancel(reviewTimer);
  }
}
