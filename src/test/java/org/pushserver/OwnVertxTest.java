// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.Await;

class OwnVertxTest {
  private static Throwable failed(String what, String... classes) {
    IllegalStateException failed = new IllegalStateException(what);
    failed.setStackTrace(
        Stream.of(classes)
            .map(name -> new StackTraceElement(name, "any", null, 0))
            .toArray(StackTraceElement[]::new));
    return failed;
  }

  @Test
  void onlyAWriteThatEndsTwiceWithABrokenConnectionIsNoFault() {
    String twice = "Promise already completed";
    String broken = "io.netty.channel.ChannelOutboundBuffer";
    assertTrue(OwnVertx.isOfBrokenConnection(failed(twice, "io.vertx.core.Promise", broken)));
    String before = "io.vertx.core.eventbus.impl.clustered.OutboundConnection";
    assertTrue(OwnVertx.isOfBrokenConnection(failed(twice, before, "org.pushserver.bus.Bus")));
    assertFalse(OwnVertx.isOfBrokenConnection(failed(twice, "io.vertx.core.Promise")));
    assertFalse(OwnVertx.isOfBrokenConnection(failed("other", broken)));
    assertTrue(OwnVertx.isOfBrokenConnection(failed(twice, broken, "org.pushserver.bus.Bus")));
    assertFalse(OwnVertx.isOfBrokenConnection(failed(twice, "org.pushserver.bus.Bus", broken)));
    assertFalse(OwnVertx.isOfBrokenConnection(new IllegalArgumentException(twice)));
  }

  @Test
  void whatBlocksGetsAThreadOfItsOwnOnlyWhenAllOthersAreAtWork() throws Exception {
    Vertx vertx = OwnVertx.create();
    Thread first = Await.await(vertx.executeBlocking(Thread::currentThread, false));
    Await.until(() -> first.getState() == Thread.State.TIMED_WAITING, () -> "it works on");
    assertSame(first, Await.await(vertx.executeBlocking(Thread::currentThread, false)));
    Await.await(vertx.close());
  }
}
