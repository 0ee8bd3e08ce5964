// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.pushserver.push.AppKey;
import org.pushserver.push.Push;

/**
 * The place where pushes are kept until their end, so that what was accepted outlives what may
 * happen to the process.
 *
 * <p>A push goes on its way while it is being kept. Who does not wait for its end is told that it
 * is accepted when it is kept, or has ended before that. One store serves all applications, and is
 * called on the event loops of them all; it must not block them. What it returns may complete on
 * any thread. What is said of one push, and of those of one call, is kept in the order in which it
 * was said.
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
        public Future<Void> ended(UUID id) {
          return Future.succeededFuture();
        }

        @Override
        public Future<List<KeptPush>> left(AppKey application) {
          return Future.succeededFuture(List.of());
        }
      };

  /**
   * Keeps a push that is about to enter its queue.
   *
   * @param isAwaited whether its caller waits for its end, and so learns that it was lost
   * @return has completed already when there is nothing to wait for; has failed already when it
   *     cannot be kept, and then the push is turned away; fails later, within a few seconds, when
   *     it could not be kept. Of one that is awaited only what has come at once counts
   */
  Future<Void> keep(Push push, boolean isAwaited);

  /**
   * After how long a push whose caller waits is {@linkplain #keepLonger kept all the same}.
   *
   * @return milliseconds; 0 for never
   */
  default long patienceMs() {
    return 0;
  }

  /**
   * Keeps a push whose caller waits, because it takes long, or because somebody who does not wait
   * has asked for the same.
   *
   * @return as {@link #keep}
   */
  default Future<Void> keepLonger(KeptPush push) {
    return Future.succeededFuture();
  }

  /**
   * Notes how it stands with a push that is kept, or being kept. Nobody waits for that.
   *
   * @param attempts how often the push service answered, or may have seen it
   * @param mayHaveArrived whether it may have reached the phone: also while an attempt is under way
   */
  default void changed(UUID id, int attempts, boolean mayHaveArrived) {}

  /**
   * Forgets a push, by {@link Push#id}: it has ended. Told of each push, also of one that is still
   * being kept, that could not be kept, or that never was.
   *
   * @return completes when it cannot come back, however the process ends: only then is its end
   *     told. Has completed already when there is nothing to wait for; fails, within a few seconds,
   *     when it may come back
   */
  Future<Void> ended(UUID id);

  /**
   * Notes that a call is over for a phone: whoever goes on with what waits here is not to let it
   * ring any more. Told of each cancel that comes.
   *
   * @return completes when whoever that may be knows it, within a few seconds; has completed
   *     already when there is nothing to wait for; does not fail. Until then the cancel is neither
   *     sent nor answered
   */
  default Future<Void> cancels(Push cancel) {
    return Future.succeededFuture();
  }

  /**
   * Whether what it keeps is taken up again, by {@link #left}, after the end of this process: then
   * what is owed to somebody stays there when the process ends.
   */
  default boolean isLasting() {
    return false;
  }

  /**
   * Which of the pushes that a former process has left other servers go on with.
   *
   * @return does not fail
   */
  default Future<Set<UUID>> elsewhere(List<UUID> left) {
    return Future.succeededFuture(Set.of());
  }

  /** Whether there may be another process that goes on with what waits here when this one ends. */
  default boolean mayHandOver() {
    return false;
  }

  /**
   * Lets other processes go on with pushes that wait here, because this one ends. What they take is
   * not kept here any more.
   *
   * @param waiting in the order in which they are to be sent
   * @return completes within a few seconds; does not fail
   */
  default Future<HandedOver> handOver(List<Offered> waiting) {
    return Future.succeededFuture(HandedOver.NONE);
  }

  /**
   * Whether what it keeps is known to be this process's own still: until then nothing is sent.
   * Asked before each attempt.
   */
  default boolean isOwn() {
    return true;
  }

  /**
   * Gives what a former process kept of an application and did not end.
   *
   * @return completes with each push once, however often it is asked for, in the order in which
   *     they were kept; fails when they cannot be read
   */
  Future<List<KeptPush>> left(AppKey application);
}
