// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.pushserver.cause.Causes;
import org.pushserver.cause.Explanation;
import org.pushserver.events.ApplicationListener;
import org.pushserver.events.PushListener;
import org.pushserver.events.ReportEnd;
import org.pushserver.events.ReportListener;
import org.pushserver.push.AppKey;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Time;
import org.pushserver.trail.Timelines;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailJson;

/**
 * Tells the owner of an application how each push has ended, why, and what happened on the way:
 * what a search of the trail shows, whether there is a trail or not. Confined to one event loop.
 */
final class ResultWebhook implements ApplicationListener {
  /** Of so many that ended before it is known how: the cause may be that all of them fare alike. */
  static final int REMEMBERED = 50;

  private final AppKey app;
  private final Collectors collectors;

  /** Newest first. */
  private final Deque<TrailEntry> before = new ArrayDeque<>(REMEMBERED);

  private PushListener timelines;

  private ResultWebhook(AppKey app, CollectorConfig config, ReportListener reports) {
    this.app = app;
    this.collectors = new Collectors(config, reports);
  }

  /** That of an application; {@link ApplicationListener#NONE} when nobody wants it. Blocks. */
  static ApplicationListener of(
      AppConfig config, ReportListener reports, Consumer<Problem> warnings) {
    CollectorConfig read = CollectorConfig.read(config, ReportEnd.Kind.WEBHOOK, warnings);
    if (read.urls().isEmpty()) {
      read.warnOfLoneSecret(config, warnings);
      return NONE;
    }
    Causes.load();
    return new ResultWebhook(config.key(), read, reports);
  }

  @Override
  public void open(Vertx vertx, Time time) {
    collectors.open(vertx, time);
    timelines = Timelines.of(app, time, this::tell);
  }

  @Override
  public PushListener listener() {
    return timelines;
  }

  private void tell(TrailEntry entry) {
    Explanation why = Causes.explain(entry, List.copyOf(before));
    TrailJson.Cause cause = new TrailJson.Cause(why.id(), why.sentence(), why.next(), why.link());
    collectors.take(
        new ReportSubject(entry.id(), entry.app(), entry.callId()), TrailJson.of(entry, cause));
    if (before.size() == REMEMBERED) {
      before.removeLast();
    }
    before.addFirst(entry.withoutSteps());
  }

  @Override
  public Future<Void> close() {
    return collectors.close();
  }
}
