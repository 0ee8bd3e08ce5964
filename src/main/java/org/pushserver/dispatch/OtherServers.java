// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The other servers of a cluster, for something that one of them may know and this one does not.
 * Any thread.
 */
public interface OtherServers {
  /** There are none. */
  OtherServers NONE =
      new OtherServers() {
        @Override
        public Future<Found> ask(String callId, Buffer question) {
          return Future.succeededFuture(new Found(Optional.empty(), List.of()));
        }

        @Override
        public void answer(Function<Buffer, Future<Optional<Buffer>>> knows) {}
      };

  /**
   * What they have said.
   *
   * @param answer of the one that knows; empty when none does
   * @param silent the names of those that did not answer
   */
  record Found(Optional<Buffer> answer, List<String> silent) {}

  /**
   * Asks until one knows: first the one that the call belongs to, then all others at once. Nobody
   * is waited for longer than two seconds.
   *
   * @param callId null or empty when it is not known
   * @return completes on the context that asks; does not fail
   */
  Future<Found> ask(String callId, Buffer question);

  /**
   * Says how this server answers; to be called once.
   *
   * @param knows given the question; completes with empty when it is not known here. Called on an
   *     event loop, must not block
   */
  void answer(Function<Buffer, Future<Optional<Buffer>>> knows);
}
