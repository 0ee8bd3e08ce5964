// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.until;

import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pushserver.cluster.SignOfLife.Sign;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;

/**
 * Who has lost his connection to a server that died asks anew at another one, with a push of its
 * own, before it is known whether that server has ended: a phone rings once for both.
 */
class AskedAnewTest extends ManyServers {
  private List<ServerOfMany> order;

  @BeforeEach
  void start() throws Exception {
    startThree();
    order = order("call");
  }

  private ServerOfMany next() {
    return order.get(1);
  }

  /** Nobody knows yet what has become of it. */
  private void leave() throws Exception {
    signs.put(order.get(0).nodes.self().name(), Sign.ALIVE);
    kill(order.get(0));
    next().service.window(10);
  }

  private void untilTakenUp() throws Exception {
    signs.put(order.get(0).nodes.self().name(), Sign.GONE);
    untilTrue(() -> next().shared.held() == 0, "not taken up");
  }

  private Outcome delivered(Future<Outcome> end, int sent) throws Exception {
    untilSent(next(), sent);
    next().service.deliverAll();
    untilTrue(end::isComplete, "no answer");
    return await(end);
  }

  @Test
  void aCopyIsNotSentWhenTheSameWasDeliveredHereMeanwhile() throws Exception {
    acceptAndCopy(order, ring("call"));
    leave();

    assertEquals(Result.DELIVERED, delivered(deliver(order.get(2), ring("call")), 1).result());
    untilTakenUp();
    untilTrue(() -> counts(next()).joined() == 1, "it does not share the end");

    assertEquals(1, next().service.sent().size());
    assertEquals(2, counts(next()).accepted());
    assertEquals(0, counts(next()).waiting());
  }

  @Test
  void whoStillWaitsForTheFirstOneIsToldOfTheEndOfTheSecond() throws Exception {
    Future<Outcome> first = deliver(order.get(2), ring("call"));
    untilCopied(next(), 1);
    leave();

    Outcome second = delivered(deliver(order.get(2), ring("call")), 1);
    untilTakenUp();
    untilTrue(first::isComplete, "no answer");

    assertEquals(second, await(first));
    assertEquals(1, next().service.sent().size());
  }

  @Test
  void aCopyThatComesWhileTheSameWaitsHereSharesItsEnd() throws Exception {
    acceptAndCopy(order, ring("call"));
    leave();
    next().service.window(0);
    Future<Outcome> second = deliver(order.get(2), ring("call"));
    until(() -> counts(next()).accepted() == 1, () -> "no ring");

    untilTakenUp();
    untilTrue(() -> counts(next()).joined() == 1, "it does not share the end");
    next().service.window(10);

    assertEquals(Result.DELIVERED, delivered(second, 1).result());
  }

  @Test
  void aCopyIsSentWhenTheSameWasNotDelivered() throws Exception {
    acceptAndCopy(order, ring("call"));
    leave();
    Future<Outcome> second = deliver(order.get(2), ring("call"));
    untilSent(next(), 1);
    next().service.refuseAll();
    assertEquals(Result.REFUSED, await(second).result());

    untilTakenUp();

    untilSent(next(), 2);
  }

  @Test
  void aCopyThatSaysSomethingElseIsSent() throws Exception {
    acceptAndCopy(order, ring("call"));
    leave();
    Push other = push(Event.MESSAGE, "call");
    assertEquals(Result.DELIVERED, delivered(deliver(order.get(2), other), 1).result());

    untilTakenUp();

    untilSent(next(), 2);
  }
}
