// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.pushserver.spi.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has been replaced or removed, and has not ended. Any thread. */
final class Leaving {
  private static final Logger LOG = LoggerFactory.getLogger(Leaving.class);

  private final Set<Future<Void>> all = ConcurrentHashMap.newKeySet();

  void add(Future<Void> end) {
    all.add(end);
    end.onFailure(cause -> LOG.warn("ending what has been replaced failed: {}", Reason.of(cause)))
        .onComplete(done -> all.remove(end));
  }

  List<Future<Void>> all() {
    return List.copyOf(all);
  }

  /** Completes when all that has left so far has ended; does not fail. */
  Future<Void> settled() {
    return Future.join(all()).transform(done -> Future.succeededFuture());
  }
}
