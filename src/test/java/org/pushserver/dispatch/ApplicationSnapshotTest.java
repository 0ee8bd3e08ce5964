// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pushserver.queue.PushCounts;
import org.pushserver.queue.QueueDepth;
import org.pushserver.spi.Connections;

class ApplicationSnapshotTest {
  private static final ApplicationSnapshot LOOK =
      new ApplicationSnapshot(
          null,
          new PushCounts(0, Map.of(), 0, 0, 0),
          new QueueDepth(0, 0),
          new QueueDepth(0, 0),
          new Connections(0, 0, 0, 0),
          null);

  @Test
  void whoDoesNotAnswerOrCannotIsLeftOut() {
    Future<ApplicationSnapshot> hangs = Promise.<ApplicationSnapshot>promise().future();
    Future<ApplicationSnapshot> fails = Future.failedFuture("a plugin's fault");
    assertEquals(
        List.of(LOOK),
        await(ApplicationSnapshot.inTime(List.of(hangs, fails, Future.succeededFuture(LOOK)))));
  }

  @Test
  void nobodyIsWaitedForWhenAllHaveAnswered() {
    assertTrue(ApplicationSnapshot.inTime(List.of(Future.succeededFuture(LOOK))).isComplete());
    assertTrue(ApplicationSnapshot.inTime(List.of()).isComplete());
  }
}
