// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.pushserver.spi.Time;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailScope;

/**
 * Tells other servers what comes into the trail of this one, from when each of them first asks
 * until it has not asked for a while. Any thread.
 */
final class TailAnswers {
  /** Who has not asked for so long does not follow any more. */
  static final long KEPT_MS = 10_000;

  private final Trail own;
  private final Time time;
  private final Map<String, Asker> askers = new ConcurrentHashMap<>();

  /** One server. */
  private final class Asker {
    private final TailLine line = new TailLine();
    private final String id;
    private volatile long askedAt = time.millis();
    private volatile Runnable end = () -> {};

    Asker(String id) {
      this.id = id;
    }

    void begin() {
      end =
          own.follow(
              TrailScope.ALL,
              entry -> {
                if (time.millis() - askedAt > KEPT_MS) {
                  leave();
                } else {
                  line.add(entry);
                }
              });
    }

    private void leave() {
      if (askers.remove(id, this)) {
        end.run();
      }
    }

    Buffer answer(boolean anew) {
      askedAt = time.millis();
      if (anew) {
        line.forget();
      }
      return line.take().bytes();
    }
  }

  TailAnswers(Trail own, Nodes nodes, Time time) {
    this.own = own;
    this.time = time;
    nodes.answer(
        OtherTails.QUESTION,
        (node, asked) -> Future.succeededFuture(asker(node.id()).answer(asked.length() > 0)));
  }

  private Asker asker(String id) {
    Asker known = askers.get(id);
    if (known != null) {
      return known;
    }
    // Questions come on one event loop.
    Asker asker = new Asker(id);
    askers.put(id, asker);
    asker.begin();
    return asker;
  }
}
