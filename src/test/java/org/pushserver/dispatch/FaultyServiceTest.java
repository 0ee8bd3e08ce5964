// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.until;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushserver.events.ApplicationListener;
import org.pushserver.events.PushListener;
import org.pushserver.fake.ConnectedService;
import org.pushserver.fake.ManualTime;
import org.pushserver.queue.PushStore;
import org.pushserver.queue.QueueMemory;
import org.pushserver.queue.RepeatGuard;
import org.pushserver.queue.SampleAnswers;
import org.pushserver.spi.Connections;

/** A push service, as of a plugin, that throws when it is looked at. */
class FaultyServiceTest {
  private static final class Faulty extends ConnectedService {
    @Override
    public Connections connections() {
      throw new IllegalStateException("a fault of the plugin");
    }
  }

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void whoLooksAtItsApplicationIsToldSoAndDoesNotWait() throws Exception {
    AppVerticle verticle =
        new AppVerticle(
            new ApplicationParts(
                AppFixture.application(1),
                (push, now) -> SampleAnswers.PAYLOAD,
                new Faulty(),
                ApplicationListener.NONE),
            "here",
            new ManualTime(),
            PushListener.all(),
            new QueueMemory(Long.MAX_VALUE),
            PushStore.IN_MEMORY,
            RepeatGuard.NEVER,
            () -> AppFixture.DRAIN,
            push -> false);
    await(vertx.deployVerticle(verticle));

    Future<ApplicationSnapshot> look = verticle.snapshot();

    until(look::isComplete, () -> "nobody is told");
    assertEquals("a fault of the plugin", look.cause().getMessage());
  }
}
