// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.pushserver.pns.Authorization;
import org.pushserver.push.Response;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Time;

/**
 * One application's part in the token of its service account: sees to it that there is one from the
 * start and that it is renewed ahead of time, also while no push comes, and brings all news to the
 * application's event loop.
 */
final class BearerToken implements Authorization {
  private static final long NONE = -1;

  private final String section;
  private final OauthToken token;
  private final Duration timeout;
  private final Runnable listener = this::tokenChanged;
  private Context context;
  private Time time;
  private Runnable changed;
  private TokenServer server;
  private long timer = NONE;
  private boolean closed;

  /**
   * @param section the application's, for the log
   * @param timeout of one request to the token server
   */
  BearerToken(String section, OauthToken token, Duration timeout) {
    this.section = section;
    this.token = token;
    this.timeout = timeout;
  }

  @Override
  public Future<Void> open(Vertx vertx, Time newTime, Runnable newChanged) {
    context = vertx.getOrCreateContext();
    time = newTime;
    changed = newChanged;
    server = new TokenServer(token.access(), timeout, vertx, time);
    token.addListener(section, listener);
    attend();
    return Future.succeededFuture();
  }

  @Override
  public String advice() {
    return "check the service account of firebase_authorization_file in Google Cloud (its key, its"
        + " role, whether the Firebase Cloud Messaging API is enabled) and this machine's clock";
  }

  @Override
  public Optional<String> problem() {
    return isUsable() ? Optional.empty() : Optional.of(explain(token.lastFailure()).getMessage());
  }

  @Override
  public Optional<Response> refusal() {
    return isUsable()
        ? Optional.empty()
        : Optional.ofNullable(token.refusal()).map(FcmAnswers::unauthorized);
  }

  @Override
  public int failures() {
    return token.failures();
  }

  @Override
  public Optional<Instant> headerEnd() {
    long now = time.nanos();
    return Optional.ofNullable(token.usable(now))
        .map(usable -> Instant.ofEpochMilli(time.now()).plusNanos(usable.usableUntil() - now));
  }

  private boolean isUsable() {
    return token.usable(time.nanos()) != null;
  }

  @Override
  public String current() {
    AccessToken usable = token.usable(time.nanos());
    return usable == null ? null : usable.header();
  }

  @Override
  public Future<String> obtain() {
    String header = current();
    return header == null
        ? Future.failedFuture(explain(token.lastFailure()))
        : Future.succeededFuture(header);
  }

  @Override
  public Future<Boolean> replace(String refused) {
    if (!token.isReplaceable(refused, time.nanos())) {
      return Future.succeededFuture(false);
    }
    return here(token.replace(refused, time, server::ask))
        .compose(
            replaced -> Future.succeededFuture(true), cause -> Future.failedFuture(explain(cause)));
  }

  private Exception explain(Throwable failure) {
    TokenException refusal = token.refusal();
    if (refusal != null) {
      return refusal;
    }
    return failure == null
        ? new NotSentException("no OAuth token yet")
        : new NotSentException("no OAuth token: " + failure.getMessage(), failure);
  }

  private void tokenChanged() {
    context.runOnContext(
        turn -> {
          if (!closed) {
            attend();
            changed.run();
          }
        });
  }

  /** Sees to the token when it is due. */
  private void attend() {
    forgetTimer();
    long due = token.dueIn(time.nanos());
    if (due > 0) {
      // Rounded up: a timer that comes a moment early would only be set again.
      timer = time.timer(TimeUnit.NANOSECONDS.toMillis(due) + 1, this::attend);
      return;
    }
    here(token.renewWhenDue(time, server::ask)).onComplete(done -> attendLater());
  }

  /** After a request that another application made there is no news, only its outcome. */
  private void attendLater() {
    if (!closed && timer == NONE) {
      attend();
    }
  }

  private void forgetTimer() {
    if (timer != NONE) {
      time.cancel(timer);
      timer = NONE;
    }
  }

  /** The same future, completing on this application's event loop. */
  private Future<AccessToken> here(Future<AccessToken> future) {
    Promise<AccessToken> promise = Promise.promise();
    future.onComplete(
        (result, cause) -> context.runOnContext(turn -> promise.complete(result, cause)));
    return promise.future();
  }

  @Override
  public void close() {
    closed = true;
    token.removeListener(listener);
    if (server != null) {
      forgetTimer();
      server.close();
    }
  }
}
