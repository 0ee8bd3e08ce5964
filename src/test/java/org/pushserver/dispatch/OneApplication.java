// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import org.pushserver.events.ApplicationListener;
import org.pushserver.push.AppKey;
import org.pushserver.queue.SampleAnswers;
import org.pushserver.spi.PushService;

/** One application with a push service of a test's, for fleets of other packages. */
public final class OneApplication {
  public static final AppKey KEY = AppFixture.KEY;

  private OneApplication() {}

  /** Lets it run in a fleet that runs nothing yet. */
  public static Future<Set<AppKey>> start(Fleet fleet, PushService service, int maxQueue) {
    ApplicationParts parts =
        new ApplicationParts(
            AppFixture.application(maxQueue),
            (push, now) -> SampleAnswers.PAYLOAD,
            service,
            ApplicationListener.NONE);
    return update(fleet, List.of(parts));
  }

  /** Starts a fleet that has no application. */
  public static Future<Set<AppKey>> none(Fleet fleet) {
    return update(fleet, List.of());
  }

  private static Future<Set<AppKey>> update(Fleet fleet, List<ApplicationParts> parts) {
    return fleet.update(
        new Catalog(List.of(), List.of()), new PreparedApplications(parts, List.of()), Set.of());
  }
}
