// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pushserver.dispatch.CallCancel;
import org.pushserver.dispatch.RungDevice;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;

/** Who was rung is known, though the server that rang is there no more. */
class RungCopiesTest extends ManyServers {
  private static final CallCancel CANCEL = new CallCancel("call", Set.of(), Set.of(), app -> true);

  private void deliverAt(ServerOfMany owner, Push push) throws Exception {
    int before = owner.service.sent().size();
    int told = network.answered(RungCopies.NAME);
    Future<Outcome> end = deliver(servers.get(0), push);
    untilSent(owner, before + 1);
    owner.service.deliverAll();
    assertEquals(Result.DELIVERED, await(end).result());
    untilTrue(() -> network.answered(RungCopies.NAME) > told, "the next server does not know");
  }

  private List<RungDevice> cancel(ServerOfMany at) {
    return await(at.at(() -> at.dispatcher.cancel(CANCEL)));
  }

  @Test
  void aCallIsCancelledByItsCallIdAfterTheServerThatRangHasDied() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    order.get(0).service.window(10);
    Push ring = ring("call");
    deliverAt(order.get(0), ring);

    kill(order.get(0));

    assertEquals(List.of(RungDevice.of(ring)), cancel(order.get(2)));
    assertEquals(List.of(), cancel(order.get(1)));
  }

  @Test
  void aCallThatWasCancelledBeforeItsServerDiedIsNotCancelledAgain() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    order.get(0).service.window(10);
    deliverAt(order.get(0), ring("call"));
    deliverAt(order.get(0), push(Event.CANCEL, "call"));

    kill(order.get(0));

    assertEquals(List.of(), cancel(order.get(2)));
  }

  @Test
  void aCallIsCancelledWhereItBelongsAfterAServerCameAndTheOneThatRangDied() throws Exception {
    startThree();
    List<ServerOfMany> order = order("call");
    order.get(0).service.window(10);
    Push ring = ring("call");
    deliverAt(order.get(0), ring);
    start("d", true);
    untilAllSee(4);

    kill(order.get(0));

    assertEquals(List.of(RungDevice.of(ring)), cancel(order.get(2)));
  }
}
