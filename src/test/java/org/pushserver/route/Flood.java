// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.pushserver.spi.NotSentException;

/** Sends so many requests as fast as the window lets it, as an application's queue would. */
final class Flood {
  private final RouteFixture fixture;
  private final Promise<Void> done = Promise.promise();
  private int inFlight;
  private int unsent;
  private int unanswered;
  private int notSent;

  Flood(RouteFixture fixture, int count) {
    this.fixture = fixture;
    this.unsent = count;
    this.unanswered = count;
  }

  /** Completes when all are answered; fails when one request may be lost. */
  Future<Void> done() {
    return fixture.start(
        () -> {
          send();
          return done.future();
        });
  }

  /** How many had to be sent again. */
  int notSent() {
    return notSent;
  }

  private void send() {
    while (unsent > 0 && inFlight < fixture.route().window()) {
      unsent--;
      inFlight++;
      fixture.postNow("/").onComplete(reply -> answered(), this::failed);
    }
    if (unsent > 0) {
      // Nobody else tells: the window opens when an answer or the peer's SETTINGS come.
      fixture.windowIs(window -> window > inFlight).onComplete(open -> fixture.later(this::send));
    }
  }

  private void answered() {
    inFlight--;
    if (--unanswered == 0) {
      done.tryComplete();
    }
  }

  private void failed(Throwable cause) {
    inFlight--;
    if (cause instanceof NotSentException) {
      unsent++;
      notSent++;
    } else {
      done.tryFail(cause);
    }
  }
}
