// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static java.util.stream.Collectors.toSet;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.pushserver.dispatch.Fleet;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done after this server has stood still: nothing is sent before the others have said which
 * of the pushes that wait here they go on with, and those have been taken out. Any thread.
 *
 * <p>Who was a member a moment ago is asked, too: a server that stood still sees the others leave
 * before it has them back.
 */
final class Standstill {
  /** What is asked by this name, over the event bus of the cluster: the ids of pushes. */
  static final String NAME = "taken up";

  /** So many ids in one question: not much longer than other messages. */
  private static final int AT_ONCE = 10_000;

  /** The others have a server that stood still back within this. */
  private static final long BACK_MS = 15_000;

  private static final int ID = 2 * Long.BYTES;
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Logger LOG = LoggerFactory.getLogger(Standstill.class);

  private final Nodes nodes;
  private final Peers peers;
  private final CopyStore store;
  private final Fleet fleet;
  private final ClockGap gap;

  /**
   * @param store knows what waits here, and is told whether that may be sent
   * @param cancels are told how old may be what is read after it
   * @param takeover knows what this server has of others
   */
  Standstill(
      Nodes nodes,
      Peers peers,
      Time time,
      CopyStore store,
      RecentCancels cancels,
      Takeover takeover,
      Fleet fleet) {
    this.nodes = nodes;
    this.peers = peers;
    this.store = store;
    this.fleet = fleet;
    nodes.answer(
        NAME, (asker, ids) -> Future.succeededFuture(bytes(takeover.takenUp(asker, read(ids)))));
    this.gap = new ClockGap(time, this::ask, this::goOn);
    store.own(gap::isOpen);
    cancels.mindUnread(gap::unreadMs);
  }

  /** What was on its way to its application when all stood still is there after a first answer. */
  private Future<Void> ask() {
    List<UUID> waiting = store.ids();
    return ask(waiting)
        .compose(
            answered -> {
              Set<UUID> more = new LinkedHashSet<>(store.ids());
              waiting.forEach(more::remove);
              return more.isEmpty() ? Future.succeededFuture() : ask(List.copyOf(more));
            });
  }

  private Future<Void> ask(List<UUID> waiting) {
    List<Future<Void>> asked = new ArrayList<>();
    for (Node node : peers.lately()) {
      // Also when nothing waits: what it asked before comes before its answer.
      int from = 0;
      do {
        int to = Math.min(from + AT_ONCE, waiting.size());
        asked.add(ask(node, waiting.subList(from, to)));
        from = to;
      } while (from < waiting.size());
    }
    return Future.join(asked).mapEmpty();
  }

  private Future<Void> ask(Node node, List<UUID> waiting) {
    return nodes
        .ask(node, NAME, bytes(waiting), PATIENCE)
        .compose(taken -> takeOut(node, new HashSet<>(read(taken))));
  }

  /**
   * Which pushes others go on with that a former process of this server has left; who does not
   * answer goes on with none.
   */
  static Future<Set<UUID>> elsewhere(Peers peers, List<UUID> left) {
    List<Future<List<UUID>>> asked = new ArrayList<>();
    for (Node node : peers.lately()) {
      for (int from = 0; from < left.size(); from += AT_ONCE) {
        Buffer some = bytes(left.subList(from, Math.min(from + AT_ONCE, left.size())));
        asked.add(peers.ask(node, NAME, some, PATIENCE).map(Standstill::read).otherwise(List.of()));
      }
    }
    return Future.join(asked)
        .map(done -> asked.stream().flatMap(one -> one.result().stream()).collect(toSet()));
  }

  private Future<Void> takeOut(Node by, Set<UUID> taken) {
    if (taken.isEmpty()) {
      return Future.succeededFuture();
    }
    LOG.warn("server {} goes on with {} pushes that wait here", by.name(), taken.size());
    store.disown(by, taken);
    return fleet.goOnWithout(taken);
  }

  private void goOn() {
    Future<Void> unused = fleet.goOnWithout(Set.of());
  }

  /**
   * For how long this server may still be left out because it stood still, in milliseconds; 0 when
   * it has not stood still lately.
   */
  long leftOutMs() {
    return gap.sinceMs().stream().map(since -> Math.max(0, BACK_MS - since)).findFirst().orElse(0);
  }

  /** Ends. */
  void close() {
    gap.close();
  }

  static Buffer bytes(List<UUID> ids) {
    Buffer bytes = Buffer.buffer(ids.size() * ID);
    for (UUID id : ids) {
      Buffer unused =
          bytes.appendLong(id.getMostSignificantBits()).appendLong(id.getLeastSignificantBits());
    }
    return bytes;
  }

  static List<UUID> read(Buffer bytes) {
    List<UUID> ids = new ArrayList<>(bytes.length() / ID);
    for (int at = 0; at + ID <= bytes.length(); at += ID) {
      ids.add(new UUID(bytes.getLong(at), bytes.getLong(at + Long.BYTES)));
    }
    return ids;
  }
}
