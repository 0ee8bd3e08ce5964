// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * The servers of the cluster as this one sees them, and the way to each. Any thread; never blocks.
 */
public interface Nodes {
  /** {@return this server} */
  Node self();

  /**
   * Those that belong to the cluster now, by their ids, with this one. Two of them may see it
   * otherwise for a moment, or for as long as the network between them is cut.
   *
   * @return not empty; immutable
   */
  List<Node> members();

  /**
   * Says what is told when {@link #members} has changed, with the new ones. Each is told in order,
   * on one event loop.
   *
   * @param changed must not block
   */
  void watch(Consumer<List<Node>> changed);

  /**
   * Asks another server, or this one.
   *
   * @param node whom
   * @param what one of the questions that the other {@linkplain #answer answers}
   * @param body the question
   * @param patience for how long its answer is awaited
   * @return completes on the context that asks; fails when it has gone, did not answer in time, or
   *     answered that it could not
   */
  Future<Buffer> ask(Node node, String what, Buffer body, Duration patience);

  /**
   * Says how a question of other servers is answered.
   *
   * @param what its name
   * @param answer given who asks and the question; called on one event loop, must not block
   */
  void answer(String what, BiFunction<Node, Buffer, Future<Buffer>> answer);
}
