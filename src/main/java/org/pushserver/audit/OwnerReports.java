// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.pushserver.events.ApplicationListener;
import org.pushserver.events.Attempt;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Time;

/** All that the owner of an application is told over HTTP, as its section says. */
public final class OwnerReports implements ApplicationListener {
  private final List<ApplicationListener> all;

  private OwnerReports(List<ApplicationListener> all) {
    this.all = all;
  }

  /** Those of an application; {@link ApplicationListener#NONE} when its section wants none. */
  public static ApplicationListener of(AppConfig config, Consumer<Problem> warnings) {
    List<ApplicationListener> all =
        Stream.of(RemoteLog.of(config, warnings), DeadTokenReports.of(config, warnings))
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
  public void attempted(Push push, Attempt attempt) {
    all.forEach(one -> one.attempted(push, attempt));
  }

  @Override
  public void ended(Push push, Outcome outcome, long now) {
    all.forEach(one -> one.ended(push, outcome, now));
  }

  @Override
  public Future<Void> close() {
    return Future.join(all.stream().map(ApplicationListener::close).toList()).mapEmpty();
  }
}
