// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.pushserver.spi.Time;

/**
 * The answer to one request, for all that is asked over HTTP and is no push. One timer runs over
 * everything: the name, the proxy, TLS, the headers and the body to its end. However it ends, it
 * ends once. Event loop only.
 */
public final class AwaitedAnswer {
  private final Promise<Reply> end = Promise.promise();
  private final Duration limit;
  private String missing = "no connection";

  /** Begins to wait for a connection. */
  public AwaitedAnswer(Time time, Duration limit) {
    this.limit = limit;
    long timer = time.timer(limit.toMillis(), this::timedOut);
    end.future().onComplete(done -> time.cancel(timer));
  }

  private void timedOut() {
    end.tryFail(new TimeoutException(missing + " within " + limit.toMillis() + " ms"));
  }

  /**
   * Waits for something else from now on.
   *
   * @param nowMissing what there is none of when the time is over; in an operator's words
   */
  public void waitsFor(String nowMissing) {
    missing = nowMissing;
  }

  /** Ends as this does, unless it has ended. */
  public void endsAs(Future<Reply> answer) {
    answer.onComplete(end::tryComplete, end::tryFail);
  }

  /**
   * Ends it, unless it has ended.
   *
   * @param why in an operator's words
   */
  public void cancel(String why) {
    end.tryFail(new IOException(why));
  }

  boolean hasEnded() {
    return end.future().isComplete();
  }

  /** The answer, whatever its status; fails when there is none within the limit. */
  public Future<Reply> future() {
    return end.future();
  }
}
