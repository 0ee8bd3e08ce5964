// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.pushserver.fake.Await.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.pushserver.api.LivePolicy;
import org.pushserver.fake.ManualTime;
import org.pushserver.observe.RequestMeters;
import org.pushserver.spi.Time;

class ConnectionGuardsTest {
  private final ManualTime manual = new ManualTime();
  private int looks;

  /** A clock that fails at each look. */
  private final Time broken =
      new Time() {
        @Override
        public long now() {
          return manual.now();
        }

        @Override
        public long nanos() {
          looks++;
          throw new IllegalStateException("no clock");
        }

        @Override
        public long timer(long delayMs, Runnable task) {
          return manual.timer(delayMs, task);
        }

        @Override
        public void cancel(long timerId) {
          manual.cancel(timerId);
        }
      };

  @Test
  void aLookThatFailsIsNotTheLast() {
    LivePolicy policy = new LivePolicy(TestIngress.settings(true, "127.0.0.1"), new ManualTime());
    ConnectionGuards guards =
        new ConnectionGuards(
            IngressState.of(policy, 1, new RequestMeters(new SimpleMeterRegistry())), broken);
    guards.start();
    for (int look = 1; look <= 3; look++) {
      await(manual.advance(Duration.ofSeconds(5)));
      assertEquals(look, looks);
      assertEquals(1, manual.pending());
    }
  }
}
