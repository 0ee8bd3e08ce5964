// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.pushserver.dispatch.OtherServers;

/**
 * Asks the other servers something that mostly the one knows that a call belongs to. Any thread.
 */
public final class WhoKnows implements OtherServers {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final byte KNOWN = 1;
  private static final Buffer UNKNOWN = Buffer.buffer().appendByte((byte) 0);

  private final Nodes nodes;
  private final RollCall roll;
  private final String name;

  /**
   * @param roll knows which servers do not answer
   * @param name of what is asked
   */
  public WhoKnows(Nodes nodes, RollCall roll, String name) {
    this.nodes = nodes;
    this.roll = roll;
    this.name = name;
  }

  /** What one server has said. */
  private record Said(Node node, Optional<Buffer> answer, boolean isSilent) {}

  @Override
  public void answer(Function<Buffer, Future<Optional<Buffer>>> knows) {
    nodes.answer(
        name,
        (node, question) ->
            knows
                .apply(question)
                .map(
                    answer ->
                        answer
                            .map(one -> Buffer.buffer().appendByte(KNOWN).appendBuffer(one))
                            .orElse(UNKNOWN)));
  }

  @Override
  public Future<Found> ask(String callId, Buffer question) {
    List<Node> others = new ArrayList<>(nodes.members());
    others.remove(nodes.self());
    Node first =
        callId == null || callId.isEmpty()
            ? nodes.self()
            : new Ownership(nodes.members()).owner(Ownership.key(callId));
    if (!others.remove(first)) {
      return askAll(others, question, List.of());
    }
    return ask(first, question)
        .compose(
            said ->
                said.answer().isPresent()
                    ? Future.succeededFuture(new Found(said.answer(), List.of()))
                    : askAll(others, question, List.of(said)));
  }

  /** Completes as soon as one knows, or when none does. */
  private Future<Found> askAll(List<Node> others, Buffer question, List<Said> before) {
    Promise<Found> found = Promise.promise();
    List<Future<Said>> asked = others.stream().map(node -> ask(node, question)).toList();
    for (Future<Said> one : asked) {
      one.onSuccess(
          said -> {
            if (said.answer().isPresent()) {
              found.tryComplete(new Found(said.answer(), List.of()));
            }
          });
    }
    Future.join(asked)
        .onComplete(
            done -> {
              List<Said> all = new ArrayList<>(before);
              asked.forEach(one -> all.add(one.result()));
              found.tryComplete(new Found(Optional.empty(), silent(all)));
            });
    return found.future();
  }

  private static List<String> silent(List<Said> all) {
    return all.stream().filter(Said::isSilent).map(said -> said.node().name()).sorted().toList();
  }

  /** Does not fail. */
  private Future<Said> ask(Node node, Buffer question) {
    if (roll.isSilent(node.id())) {
      return Future.succeededFuture(new Said(node, Optional.empty(), true));
    }
    return nodes
        .ask(node, name, question, PATIENCE)
        .map(answer -> new Said(node, read(answer), false))
        .otherwise(cause -> new Said(node, Optional.empty(), nodes.members().contains(node)));
  }

  private static Optional<Buffer> read(Buffer answer) {
    return answer.length() > 0 && answer.getByte(0) == KNOWN
        ? Optional.of(answer.getBuffer(1, answer.length()))
        : Optional.empty();
  }
}
