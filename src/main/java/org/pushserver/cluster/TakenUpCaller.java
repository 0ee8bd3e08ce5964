// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import org.pushserver.push.Outcome;
import org.pushserver.queue.PushCaller;

/** Who is told of the end of a push that is gone on with: whoever asks for it by its id. */
final class TakenUpCaller implements PushCaller {
  private final boolean isAwaited;
  private final Promise<Optional<Outcome>> end = Promise.promise();

  TakenUpCaller(boolean isAwaited) {
    this.isAwaited = isAwaited;
  }

  /** Completes with the end; empty when it is accepted, and nobody waits for more. */
  Future<Optional<Outcome>> end() {
    return end.future();
  }

  @Override
  public boolean isWaiting() {
    return isAwaited;
  }

  @Override
  public void accepted() {
    end.tryComplete(Optional.empty());
  }

  @Override
  public void ended(Outcome outcome) {
    end.tryComplete(Optional.of(outcome));
  }
}
