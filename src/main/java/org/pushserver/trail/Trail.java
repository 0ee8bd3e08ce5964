// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import io.vertx.core.Future;
import org.pushserver.events.PushListener;

/**
 * The record of what became of every push, as others see it. Any thread.
 *
 * <p>It never makes a push wait: what it cannot keep it drops, and counts.
 */
public interface Trail {
  /** Listens to the pushes of all applications. */
  PushListener listener();

  /** Puts down a request that was refused at the door. */
  void refused(TrailEntry entry);

  /** Puts down what became known of a push after its end. */
  void note(TrailNote note);

  /**
   * Searches pushes that have ended, and those that are still on their way.
   *
   * @return completes on the caller's context, when there is one; fails with {@link
   *     IllegalArgumentException} when the cursor is none, with {@link TrailBusyException} when too
   *     many search
   */
  Future<TrailPage> search(TrailQuery query);

  /**
   * Tells of each entry that is put down from now on.
   *
   * @param scope what the reader may see
   * @param follower told on threads of the trail; it hands the entry on and does not wait
   * @return ends it
   */
  Runnable follow(TrailScope scope, TrailFollower follower);
}
