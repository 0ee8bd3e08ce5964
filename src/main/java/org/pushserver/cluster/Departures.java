// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pushserver.cluster.SignOfLife.Sign;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has become of the servers that left the cluster. One that has only been cut off may still
 * send what it has: as long as it answers at its door nobody else sends that. Any thread.
 */
final class Departures {
  private static final Logger LOG = LoggerFactory.getLogger(Departures.class);

  private static final long LOOK_AGAIN_MS = 1_000;

  /** So many that ended are remembered: who asks for one asks soon. */
  private static final int REMEMBERED = 64;

  /** What has become of one. */
  enum Fate {
    /** It belongs to the cluster again. */
    BACK,
    /** It has ended. */
    ENDED,
    /** It is silent, wherever it is asked: it may have ended, and may be sending. */
    SILENT
  }

  private final Time time;
  private final SignOfLife life;
  private Set<Node> present;
  private final Map<Node, Promise<Fate>> away = new LinkedHashMap<>();

  /** Those of them that have said something since. */
  private final Set<Node> heard = new HashSet<>();

  /**
   * @param members those that are there at first
   */
  Departures(Time time, SignOfLife life, List<Node> members) {
    this.time = time;
    this.life = life;
    this.present = Set.copyOf(members);
  }

  /**
   * What has become of a server.
   *
   * @return completes at once when it belongs to the cluster, else when it is known; does not fail
   */
  Future<Fate> of(Node node) {
    Promise<Fate> fate;
    synchronized (this) {
      if (present.contains(node)) {
        return Future.succeededFuture(Fate.BACK);
      }
      fate = away.get(node);
    }
    return fate == null ? unseen(node) : fate.future();
  }

  /**
   * Never seen, or so long away that it is forgotten. It may have just come: before it is looked at
   * the cluster has time to say so.
   */
  private Future<Fate> unseen(Node node) {
    Promise<Fate> fate = Promise.promise();
    Promise<Fate> before;
    synchronized (this) {
      before = away.putIfAbsent(node, fate);
      forgetOldest();
    }
    if (before != null) {
      return before.future();
    }
    time.timer(LOOK_AGAIN_MS, () -> look(node, fate, true));
    return fate.future();
  }

  /** Notes that a server has said something: if it has left, it has not ended. */
  synchronized void heard(Node node) {
    if (away.containsKey(node)) {
      heard.add(node);
    }
  }

  private synchronized boolean wasHeard(Node node) {
    return heard.remove(node);
  }

  /** Says which servers belong to the cluster now. To be called on one event loop. */
  void changed(List<Node> members) {
    Map<Node, Promise<Fate>> back = new LinkedHashMap<>();
    Map<Node, Promise<Fate>> left = new LinkedHashMap<>();
    synchronized (this) {
      Set<Node> gone = new HashSet<>(present);
      present = Set.copyOf(members);
      for (Node member : members) {
        Promise<Fate> was = away.remove(member);
        if (was != null) {
          back.put(member, was);
        }
      }
      gone.removeAll(present);
      gone.forEach(node -> left.put(node, Promise.promise()));
      away.putAll(left);
      heard.removeAll(present);
      forgetOldest();
    }
    back.forEach((node, fate) -> fate.tryComplete(Fate.BACK));
    left.forEach((node, fate) -> look(node, fate, true));
  }

  private void forgetOldest() {
    int tooMany = Math.max(0, away.size() - REMEMBERED);
    away.keySet().removeAll(away.keySet().stream().limit(tooMany).toList());
  }

  private void look(Node node, Promise<Fate> fate, boolean isFirst) {
    if (fate.future().isComplete()) {
      return;
    }
    life.look(node).onSuccess(sign -> seen(node, sign, fate, isFirst));
  }

  private void seen(Node node, Sign sign, Promise<Fate> fate, boolean isFirst) {
    if (fate.future().isComplete()) {
      return;
    }
    boolean hasSpoken = wasHeard(node);
    switch (sign == Sign.NONE && hasSpoken ? Sign.ALIVE : sign) {
      case GONE -> {
        LOG.info("server {} has ended", node.name());
        fate.tryComplete(Fate.ENDED);
      }
      case NONE -> {
        LOG.warn(
            "server {} answers neither the cluster nor at its door:"
                + " what it had is sent by others, and may be sent twice",
            node.name());
        fate.tryComplete(Fate.SILENT);
      }
      case ALIVE -> {
        if (isFirst) {
          LOG.warn(
              "server {} is cut off from the cluster, and serves: what it has is left to it",
              node.name());
        }
        time.timer(LOOK_AGAIN_MS, () -> look(node, fate, false));
      }
    }
  }
}
