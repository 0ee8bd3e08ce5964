// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class VertxTimeTest {
  private final Vertx vertx = Vertx.vertx();
  private final VertxTime time = new VertxTime(vertx);

  @AfterEach
  void close() {
    await(vertx.close());
  }

  /** Sets something going, and is there no more. */
  private Future<Void> undeployed(Runnable task) {
    return vertx
        .deployVerticle(
            new VerticleBase() {
              @Override
              public Future<?> start() {
                task.run();
                return Future.succeededFuture();
              }
            })
        .compose(vertx::undeploy);
  }

  @Test
  void aTimerRunsAlsoWhenTheApplicationThatSetItIsRemovedMeanwhile() {
    Promise<Void> rung = Promise.promise();
    await(undeployed(() -> time.timer(300, rung::complete)));
    await(rung.future());
  }

  @Test
  void aTimerRunsOnTheEventLoopThatSetIt() {
    Promise<Boolean> same = Promise.promise();
    Context loop = vertx.getOrCreateContext();
    loop.runOnContext(
        go -> {
          Thread setter = Thread.currentThread();
          time.timer(0, () -> same.complete(Thread.currentThread() == setter));
        });
    assertSame(true, await(same.future()));
  }

  @Test
  void aTimerThatIsCancelledDoesNotRun() {
    AtomicBoolean hasRung = new AtomicBoolean();
    Promise<Void> next = Promise.promise();
    vertx
        .getOrCreateContext()
        .runOnContext(
            go -> {
              time.cancel(time.timer(1, () -> hasRung.set(true)));
              time.timer(2, next::complete);
            });
    await(next.future());
    assertFalse(hasRung.get());
  }
}
