// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import org.pushserver.push.AppKey;
import org.pushserver.push.Push;

/**
 * The place where pushes are kept until their end, so that what was accepted outlives the process.
 *
 * <p>A push has come when it is kept: before that it is not accepted, counted, understood or sent.
 * One store serves all applications, and is called on the event loops of them all; it must not
 * block them. What it returns may complete on any thread.
 */
public interface PushStore {
  /** Keeps nothing beyond the life of the process, and nobody waits for it. */
  PushStore IN_MEMORY =
      new PushStore() {
        @Override
        public Future<Void> keep(Push push, boolean isAwaited) {
          return Future.succeededFuture();
        }

        @Override
        public void ended(UUID id) {}

        @Override
        public Future<List<KeptPush>> left(AppKey application) {
          return Future.succeededFuture(List.of());
        }
      };

  /**
   * Keeps a push.
   *
   * @param isAwaited whether its caller waits for its end, and so learns that it was lost
   * @return has completed already when there is nothing to wait for; fails, within a few seconds,
   *     when it cannot be kept
   */
  Future<Void> keep(Push push, boolean isAwaited);

  /**
   * Forgets a push, by {@link Push#id}: it has ended, or was never accepted. Told of each push,
   * also of one that is still being kept, that could not be kept, or that never was.
   */
  void ended(UUID id);

  /**
   * Gives what a former process kept of an application and did not end.
   *
   * @return completes with each push once, however often it is asked for, in the order in which
   *     they were kept; fails when they cannot be read
   */
  Future<List<KeptPush>> left(AppKey application);
}
