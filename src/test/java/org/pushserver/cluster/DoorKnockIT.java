// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pushserver.cluster.SignOfLife.Sign;
import org.pushserver.dispatch.VertxTime;
import org.pushserver.fake.Await;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.OneProcessNodes;

/** What is seen at the HTTP door of a server that has left the cluster. */
@Timeout(60)
class DoorKnockIT {
  private static final String LOOPBACK = "127.0.0.1";

  private final Vertx vertx = Vertx.vertx();
  private final ManualTime time = new ManualTime();
  private final OneProcessNodes network = new OneProcessNodes(vertx, time);
  private final Nodes asks = network.join("n1");
  private final Nodes asked = network.join("n2");
  private final DoorKnock other = new DoorKnock(vertx, asked, time);

  @AfterEach
  void close() {
    await(vertx.close());
  }

  /** When the other one has told where its door is. */
  private void untilSeen(Sign wanted) throws Exception {
    DoorKnock knock = new DoorKnock(vertx, asks, new VertxTime(vertx));
    Await.until(
        () -> {
          time.advance(Duration.ofMillis(1));
          return await(knock.look(asked.self())) == wanted;
        },
        () -> "not " + wanted);
  }

  @Test
  void whoServesLivesAndWhereNobodyListensHasEnded() throws Exception {
    int port =
        await(vertx.createNetServer().connectHandler(one -> one.close()).listen(0, LOOPBACK))
            .actualPort();
    other.opened(LOOPBACK, port);
    untilSeen(Sign.ALIVE);
    try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = nobody.getLocalPort();
    }
    other.opened(LOOPBACK, port);
    untilSeen(Sign.GONE);
  }

  @Test
  void atADoorThatOnlyItsOwnMachineReachesNothingIsSeen() throws Exception {
    other.hidden();
    DoorKnock knock = new DoorKnock(vertx, asks, new VertxTime(vertx));
    // It has asked before this does.
    assertEquals(
        0, await(asks.ask(asked.self(), "door", Buffer.buffer(), Duration.ofSeconds(9))).length());
    assertEquals(Sign.NONE, await(knock.look(asked.self())));
  }
}
