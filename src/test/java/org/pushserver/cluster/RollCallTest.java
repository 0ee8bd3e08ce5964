// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.OneProcessNodes;

/** What is heard of others while they come. */
class RollCallTest {
  /** One of them is kept busy, and nobody else is to wait for it. */
  private static final int LOOPS = 8;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(LOOPS));
  private final ManualTime time = new ManualTime();
  private final OneProcessNodes network = new OneProcessNodes(vertx, time);

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void whoIsHeardBeforeAnEarlierChangeOfMembersIsLookedAtStaysHeard() throws Exception {
    Context loop = ((VertxInternal) vertx).createEventLoopContext();
    Nodes one = network.join("one");
    RollCall roll = new RollCall(one, time, loop, Map::of, () -> {});
    CountDownLatch busy = new CountDownLatch(1);
    loop.runOnContext(
        turn -> {
          try {
            busy.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    Nodes unused = network.join("two");
    Nodes three = network.join("three");
    NodeState state = new NodeState(1, false, 0, 0, 0, Map.of());
    await(three.ask(one.self(), RollCall.QUESTION, state.bytes(true), Duration.ofSeconds(1)));

    busy.countDown();
    await(Future.future(looked -> loop.runOnContext(turn -> looked.complete())));

    assertFalse(roll.isSilent(three.self().id()));
  }
}
