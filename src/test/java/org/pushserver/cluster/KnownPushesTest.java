// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.ManualTime;
import org.pushserver.spi.SamplePush;

class KnownPushesTest {
  private final ManualTime time = new ManualTime(SamplePush.BORN);

  private static UUID end(KnownPushes known) {
    UUID id = UUID.randomUUID();
    Future<?> unused = known.once(id, () -> Future.succeededFuture(Optional.empty()));
    return id;
  }

  @Test
  void whatHasEndedIsKnownForAsLongAsItMayComeAgainHoweverMuchComesMeanwhile() {
    KnownPushes known = new KnownPushes(time, 1_000_000);
    UUID first = end(known);
    for (int i = 0; i < 200_000; i++) {
      UUID unused = end(known);
    }

    await(time.advance(Duration.ofSeconds(10)));
    assertNotNull(known.get(first));
    for (int seconds = 0; seconds < 30; seconds++) {
      await(time.advance(Duration.ofSeconds(1)));
    }
    assertEquals(0, known.size());
  }

  @Test
  void whatHasNotEndedStays() {
    KnownPushes known = new KnownPushes(time);
    UUID open = UUID.randomUUID();
    Future<?> unused = known.once(open, () -> Future.future(never -> {}));
    UUID unusedToo = end(known);
    for (int seconds = 0; seconds < 60; seconds++) {
      await(time.advance(Duration.ofSeconds(1)));
    }
    assertNotNull(known.get(open));
    assertEquals(1, known.size());
  }

  @Test
  void whatThereIsNoMemoryForIsForgottenEarlier() {
    KnownPushes known = new KnownPushes(time, 2);
    UUID first = end(known);
    UUID second = end(known);
    UUID third = end(known);
    assertNull(known.get(first));
    assertNotNull(known.get(second));
    assertNotNull(known.get(third));
  }
}
