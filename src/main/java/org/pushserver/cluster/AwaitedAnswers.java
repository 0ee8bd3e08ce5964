// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.pushserver.spi.Time;

/**
 * The answers of other servers that somebody waits for at the doors of this one: when it ends, they
 * still have to reach him. Any thread.
 */
final class AwaitedAnswers {
  private final Time time;
  private final List<Promise<Void>> watching = new ArrayList<>();
  private int open;

  AwaitedAnswers(Time time) {
    this.time = time;
  }

  /** Somebody waits for one. {@return the same} */
  <T> Future<T> await(Future<T> answer) {
    synchronized (this) {
      open++;
    }
    return answer.onComplete(come -> oneCame());
  }

  private void oneCame() {
    List<Promise<Void>> over;
    synchronized (this) {
      open--;
      if (open > 0 || watching.isEmpty()) {
        return;
      }
      over = List.copyOf(watching);
      watching.clear();
    }
    over.forEach(Promise::tryComplete);
  }

  /** Completes when nobody waits for any; at the latest after this time, and does not fail. */
  Future<Void> over(Duration longest) {
    Promise<Void> over = Promise.promise();
    synchronized (this) {
      if (open == 0) {
        return Future.succeededFuture();
      }
      watching.add(over);
    }
    long timer = time.timer(longest.toMillis(), over::tryComplete);
    return over.future().onComplete(done -> time.cancel(timer));
  }
}
