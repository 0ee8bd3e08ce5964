// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.pushserver.spi.Time;

/**
 * The answers of other servers that somebody waits for at the doors of this one: when it ends, they
 * still have to reach him. Any thread.
 */
final class AwaitedAnswers {
  private final Time time;
  private final Set<Future<?>> open = ConcurrentHashMap.newKeySet();

  AwaitedAnswers(Time time) {
    this.time = time;
  }

  /** Somebody waits for one. {@return the same} */
  <T> Future<T> await(Future<T> answer) {
    open.add(answer);
    return answer.onComplete(come -> open.remove(answer));
  }

  /**
   * Completes when nobody waits for any of those any more that are waited for now; at the latest
   * after this time, and does not fail. Who asks later is not waited for: under load somebody
   * always does.
   */
  Future<Void> over(Duration longest) {
    List<Future<?>> now = List.copyOf(open);
    if (now.isEmpty()) {
      return Future.succeededFuture();
    }
    Promise<Void> over = Promise.promise();
    Future.join(now).onComplete(all -> over.tryComplete());
    long timer = time.timer(longest.toMillis(), over::tryComplete);
    return over.future().onComplete(done -> time.cancel(timer));
  }
}
