// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.pushserver.events.Application;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.PushService;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.pushserver.spi.Trial;
import org.pushserver.spi.Trial.Finding;

/**
 * Tries whether a push service takes the credentials of one application, over a connection of its
 * own and on an event loop of its own, as the application's verticle would; then ends.
 */
public final class CredentialTrial extends VerticleBase {
  /** A first try may be in vain for no reason that counts. */
  private static final int TRIES = 3;

  private static final long PAUSE_MS = 500;

  /** A stranger's service may not end at all. */
  private static final long CLOSE_S = 5;

  private final Application application;
  private final PushService service;
  private final Time time;
  private final Duration limit;
  private final Promise<Trial> end = Promise.promise();
  private long timer;
  private boolean opened;
  private boolean asking;
  private int asked;

  private CredentialTrial(ApplicationParts parts, Time time, Duration limit) {
    this.application = parts.application();
    this.service = parts.service();
    this.time = time;
    this.limit = limit;
  }

  /** What came of one application's trial. */
  public record Ended(Application application, Trial trial) {}

  /**
   * Tries all prepared applications side by side. None of them may be in use.
   *
   * @param limit for each of them
   * @return completes in their order, soon after the limit at the latest; does not fail
   */
  public static Future<List<Ended>> all(
      Vertx vertx, Time time, PreparedApplications prepared, Duration limit) {
    List<Future<Ended>> trials =
        prepared.parts().stream()
            .map(parts -> new CredentialTrial(parts, time, limit))
            .map(trial -> trial.run(vertx))
            .toList();
    return Future.join(trials).map(done -> trials.stream().map(Future::result).toList());
  }

  private Future<Ended> run(Vertx newVertx) {
    return newVertx
        .deployVerticle(this)
        .compose(
            id ->
                end.future()
                    .eventually(
                        () ->
                            newVertx
                                .undeploy(id)
                                .timeout(CLOSE_S, TimeUnit.SECONDS)
                                .otherwiseEmpty()),
            cause -> Future.succeededFuture(failed(cause)))
        .map(trial -> new Ended(application, trial));
  }

  @Override
  public Future<?> start() {
    timer = time.timer(limit.toMillis(), this::tooLate);
    Future.succeededFuture()
        .compose(begin -> service.open(vertx, time, this::changed))
        .onComplete(
            done -> {
              opened = true;
              changed();
            },
            cause -> end(failed(cause)));
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    time.cancel(timer);
    return service.close();
  }

  private void changed() {
    if (!opened || asking || end.future().isComplete()) {
      return;
    }
    Condition condition = service.condition();
    if (condition.state() == State.REFUSED) {
      end(new Trial(Finding.REFUSED, condition.reason()));
    } else if (service.window() > 0) {
      ask();
    } else if (service.connections().failed() >= TRIES || service.credentialFailures() >= TRIES) {
      end(noConnection());
    }
  }

  private void ask() {
    asking = true;
    asked++;
    Future.succeededFuture()
        .compose(begin -> service.tryCredentials(application.key()))
        .onComplete(
            this::end,
            cause -> {
              if (cause instanceof NotSentException && asked < TRIES) {
                long unused = time.timer(PAUSE_MS, this::again);
              } else {
                end(failed(cause));
              }
            });
  }

  private void again() {
    asking = false;
    changed();
  }

  private void tooLate() {
    end(
        asking
            ? new Trial(Finding.UNKNOWN, "no answer within " + limit.toSeconds() + " s")
            : noConnection());
  }

  private Trial noConnection() {
    String reason = service.condition().reason();
    return new Trial(
        Finding.UNREACHED,
        reason.isEmpty() ? "no connection within " + limit.toSeconds() + " s" : reason);
  }

  private static Trial failed(Throwable cause) {
    return new Trial(
        cause instanceof NotSentException ? Finding.UNREACHED : Finding.UNKNOWN, Reason.of(cause));
  }

  private void end(Trial trial) {
    end.tryComplete(trial);
  }
}
