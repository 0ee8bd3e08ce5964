// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * The servers of a cluster that say something: who belongs to it, and has told nothing of itself
 * for too long, counts as one that has left until it says something again. Such a server hangs, or
 * hears nothing, though what keeps the members together still answers for it. Any thread.
 */
final class AnsweringNodes implements Nodes {
  private final Nodes nodes;
  private final RollCall roll;
  private final List<Consumer<List<Node>>> watchers = new CopyOnWriteArrayList<>();
  private volatile List<Node> members;

  /**
   * @param roll knows who has said what
   */
  AnsweringNodes(Nodes nodes, RollCall roll) {
    this.nodes = nodes;
    this.roll = roll;
    this.members = nodes.members();
    nodes.watch(changed -> look());
    roll.watchMute(this::look);
    look();
  }

  /** Under a lock, so that all are told in order though two event loops tell it. */
  private synchronized void look() {
    List<Node> now =
        nodes.members().stream()
            .filter(node -> node.equals(nodes.self()) || !roll.isMute(node.id()))
            .toList();
    if (!now.equals(members)) {
      members = now;
      watchers.forEach(watcher -> watcher.accept(now));
    }
  }

  @Override
  public Node self() {
    return nodes.self();
  }

  @Override
  public List<Node> members() {
    return members;
  }

  @Override
  public void watch(Consumer<List<Node>> changed) {
    watchers.add(changed);
  }

  @Override
  public Future<Buffer> ask(Node node, String what, Buffer body, Duration patience) {
    return nodes.ask(node, what, body, patience);
  }

  @Override
  public void answer(String what, BiFunction<Node, Buffer, Future<Buffer>> answer) {
    nodes.answer(what, answer);
  }
}
