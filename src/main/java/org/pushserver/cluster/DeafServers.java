// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers that belong to the cluster and do not take what they are asked to: after some tries
 * in vain they are passed over, until one of them answers again. Any thread.
 */
final class DeafServers {
  /** So many tries, and so many milliseconds, in vain. */
  private static final int TRIES = 3;

  private static final long VAIN_MS = 1_000;
  private static final Logger LOG = LoggerFactory.getLogger(DeafServers.class);

  private record Vain(long since, int tries, boolean isDeaf) {}

  private final Time time;
  private final Map<Node, Vain> vain = new ConcurrentHashMap<>();

  DeafServers(Time time) {
    this.time = time;
  }

  /**
   * Notes that one could not be asked.
   *
   * @return whether the next one is to be asked instead
   */
  boolean failed(Node node) {
    return vain.compute(node, this::again).isDeaf();
  }

  private Vain again(Node node, Vain before) {
    long now = time.millis();
    if (before == null) {
      return new Vain(now, 1, false);
    }
    boolean isDeaf = before.tries() >= TRIES && now - before.since() >= VAIN_MS;
    if (isDeaf && !before.isDeaf()) {
      LOG.warn(
          "server {} belongs to the cluster, and does not answer: others send what is its own,"
              + " which may be sent twice",
          node.name());
    }
    return new Vain(before.since(), before.tries() + 1, isDeaf);
  }

  /** Notes that one has answered. */
  void answered(Node node) {
    if (!vain.isEmpty()) {
      Vain before = vain.remove(node);
      if (before != null && before.isDeaf()) {
        LOG.info("server {} answers again", node.name());
      }
    }
  }

  /** Notes that one has left. */
  void left(Node node) {
    Vain unused = vain.remove(node);
  }
}
