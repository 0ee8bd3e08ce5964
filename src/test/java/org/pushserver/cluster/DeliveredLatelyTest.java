// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushserver.cluster.SignOfLife.Sign;
import org.pushserver.events.Attempt;
import org.pushserver.fake.Await;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.OneProcessNodes;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.queue.DeliveredPush;
import org.pushserver.queue.SampleAnswers;
import org.pushserver.spi.Payload;
import org.pushserver.spi.SamplePush;

class DeliveredLatelyTest {
  private final Vertx vertx = Vertx.vertx();
  private final ManualTime time = new ManualTime(SamplePush.BORN);
  private final OneProcessNodes network = new OneProcessNodes(vertx, time);
  private final Nodes self = network.join("a");
  private final Nodes other = network.join("b");
  private final Peers peers = new Peers(self, time, node -> Future.succeededFuture(Sign.GONE));
  private final DeliveredLately lately = new DeliveredLately(peers, time);

  @AfterEach
  void close() {
    Await.await(vertx.close());
  }

  /** Of a call that is the other server's. */
  private Push ring(AppKey app) {
    return ring(app, other);
  }

  private Push ring(AppKey app, Nodes owner) {
    String callId =
        IntStream.range(0, 100)
            .mapToObj(i -> "call " + i)
            .filter(id -> peers.ownership().owner(Ownership.key(id)).equals(owner.self()))
            .findFirst()
            .orElseThrow();
    Push sample =
        SamplePush.of(Event.INCOMING_SESSION).callId(callId).bornAt(time.now()).life(64_000).push();
    return new Push(
        UUID.randomUUID(),
        app,
        sample.device(),
        sample.event(),
        sample.callId(),
        sample.details(),
        sample.bornAt(),
        sample.deadline());
  }

  private void deliver(Push push) {
    Payload none = null;
    lately.attempted(
        push, new Attempt(1, none, SampleAnswers.delivered(), null, time.now(), 1_000));
  }

  @Test
  void whatWasDeliveredOfACallOfAnotherServerIsKnownForTheSameApplication() {
    AppKey app = ServerOfMany.KEY;
    Push delivered = ring(app);
    deliver(delivered);

    assertEquals(
        List.of(delivered), lately.since(ring(app)).stream().map(DeliveredPush::push).toList());
  }

  @Test
  void anotherApplicationOfTheSamePhoneRingsForItself() {
    deliver(ring(new AppKey("com.example.other", "fake")));

    assertEquals(List.of(), lately.since(ring(ServerOfMany.KEY)));
  }

  @Test
  void whatIsTooOldToMatterIsForgottenThoughNothingMoreIsNoted() {
    Push old = ring(ServerOfMany.KEY);
    deliver(ring(ServerOfMany.KEY));
    assertEquals(1, lately.since(old).size());

    Await.await(time.advance(Duration.ofMinutes(4)));
    deliver(ring(ServerOfMany.KEY, self));

    assertEquals(List.of(), lately.since(old));
  }
}
