// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.pushserver.dispatch.ApplicationSnapshot;
import org.pushserver.dispatch.DisabledSection;
import org.pushserver.dispatch.RunningApplications;
import org.pushserver.dispatch.Status;
import org.pushserver.events.Application;
import org.pushserver.push.AppKey;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Time;
import org.pushserver.sylk.SylkApplication;

/**
 * The readiness of a server with an application that is connected, and a section that is not used.
 */
public final class SampleReadiness {
  private SampleReadiness() {}

  public static Readiness of(Time time) {
    ConfigHealth config = new ConfigHealth(time);
    config.applied(List.of());
    return new Readiness(new Running(time), config, null, null, null, null, time);
  }

  private record Running(Time time) implements RunningApplications {
    private static final Delivery DELIVERY =
        new Delivery(
            Duration.ofMillis(500), Duration.ofMinutes(20), Duration.ofSeconds(10), 100, 4);

    @Override
    public List<Status> statuses() {
      AppKey key = new AppKey("com.example.phone", AppKey.APPLE);
      return List.of(
          new Status(
              new Application(key, "phone", new SylkApplication(), DELIVERY),
              new Condition(State.CONNECTED, ""),
              time.now(),
              null));
    }

    @Override
    public Future<List<ApplicationSnapshot>> snapshots() {
      return Future.succeededFuture(List.of());
    }

    @Override
    public List<DisabledSection> disabled() {
      return List.of(new DisabledSection("tablet", Optional.empty(), "app_id: it is missing"));
    }

    @Override
    public boolean isClosing() {
      return false;
    }
  }
}
