// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;

/** A connection between two servers breaks while a push goes over, and both stay members. */
class LostQuestionTest extends ManyServers {
  @Test
  void aPushThatIsLostOnItsWayToItsServerIsHandedToItOnceMore() throws Exception {
    startThree();
    // Until nobody looks for it where it was before they came.
    pass(Duration.ofSeconds(66));
    List<ServerOfMany> order = order("call");
    order.get(0).service.window(10);
    network.lose(PushQuestion.NAME);

    Future<Outcome> end = deliver(order.get(1), ring("call"));
    untilSent(order.get(0), 1);
    order.get(0).service.deliverAll();

    assertEquals(Result.DELIVERED, await(end).result());
  }

  @Test
  void aPushThatIsHandedOverOnceMoreIsSentOnce() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    Future<Outcome> end = deliver(order.get(1), ring("call"));
    pass(Duration.ofSeconds(2));
    pass(Duration.ofSeconds(9));
    order.get(0).service.window(10);
    untilSent(order.get(0), 1);
    order.get(0).service.deliverAll();

    assertEquals(Result.DELIVERED, await(end).result());
    assertEquals(1, counts(order.get(0)).accepted());
  }
}
