// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.failure;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pushserver.cluster.Node;
import org.pushserver.cluster.Nodes;

class OneProcessNodesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Vertx vertx = Vertx.vertx();
  private final ManualTime time = new ManualTime();
  private final OneProcessNodes network = new OneProcessNodes(vertx, time);
  private Nodes one;
  private Nodes two;

  @BeforeEach
  void join() {
    one = network.join("one");
    two = network.join("two");
    two.answer("double", (asker, body) -> Future.succeededFuture(body.copy().appendBuffer(body)));
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private Future<Buffer> ask() {
    return one.ask(two.self(), "double", Buffer.buffer("ab"), PATIENCE);
  }

  @Test
  void aServerAnswersAnother() {
    assertEquals("abab", await(ask()).toString());
    assertEquals(0, time.pending());
  }

  @Test
  void whoHasDiedIsSeenToHaveGoneAndAnswersNoMore() {
    network.kill(two);

    assertEquals(List.of(one.self()), one.members());
    assertEquals("two has gone", failure(ask()).getMessage());
  }

  @Test
  void whoIsSilentIsAwaitedInVainAndHearsLaterWhatItWasAsked() {
    network.silence(two);
    Future<Buffer> late =
        one.ask(two.self(), "double", Buffer.buffer("c"), PATIENCE.multipliedBy(2));
    Future<Buffer> vain = ask();
    await(time.advance(PATIENCE));

    assertEquals("two did not answer", failure(vain).getMessage());
    assertEquals(2, one.members().size());

    network.speak(two);

    assertEquals("cc", await(late).toString());
  }

  @Test
  void eachSideOfACutSeesTheOtherLeaveAndComeBack() {
    List<List<Node>> views = new ArrayList<>();
    Nodes three = network.join("three");
    network.cut(three);
    views.add(one.members());
    views.add(three.members());
    network.merge();
    views.add(three.members());

    assertEquals(
        List.of(
            List.of(one.self(), two.self()),
            List.of(three.self()),
            List.of(one.self(), three.self(), two.self())),
        views);
  }

  @Test
  void whoIsLeftOutDoesNotKnow() {
    network.silence(two);
    network.leaveOut(two);

    assertEquals(List.of(one.self()), one.members());
    assertEquals(List.of(one.self(), two.self()), two.members());
  }
}
