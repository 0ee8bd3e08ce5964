// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.pushserver.events.ApplicationListener;
import org.pushserver.events.PushListener;
import org.pushserver.events.ReportListener;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Time;
import org.pushserver.trail.Trail;

/** All that the owner of an application is told over HTTP, as its section says. */
public final class OwnerReports implements ApplicationListener {
  private final List<ApplicationListener> all;

  private OwnerReports(List<ApplicationListener> all) {
    this.all = all;
  }

  /**
   * Makes those of applications; {@link ApplicationListener#NONE} of one whose section wants none.
   *
   * @param reports told what becomes of what is reported
   * @param trail where that is put down; null when none is kept
   */
  public static ApplicationListener.Maker maker(ReportListener reports, Trail trail) {
    ReportListener all = trail == null ? reports : new TrailNotes(trail, reports);
    return (config, warnings) -> of(config, all, warnings);
  }

  static ApplicationListener of(
      AppConfig config, ReportListener reports, Consumer<Problem> warnings) {
    List<ApplicationListener> all =
        Stream.of(
                RemoteLog.of(config, reports, warnings),
                DeadTokenReports.of(config, reports, warnings),
                ResultWebhook.of(config, reports, warnings))
            .filter(one -> one != NONE)
            .toList();
    return switch (all.size()) {
      case 0 -> NONE;
      case 1 -> all.get(0);
      default -> new OwnerReports(all);
    };
  }

  @Override
  public boolean wantsRequests() {
    return all.stream().anyMatch(ApplicationListener::wantsRequests);
  }

  @Override
  public void open(Vertx vertx, Time time) {
    all.forEach(one -> one.open(vertx, time));
  }

  @Override
  public PushListener listener() {
    return PushListener.all(
        all.stream().map(ApplicationListener::listener).toArray(PushListener[]::new));
  }

  @Override
  public Future<Void> close() {
    return Future.join(all.stream().map(ApplicationListener::close).toList()).mapEmpty();
  }
}
