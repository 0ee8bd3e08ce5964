// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.pushserver.apns.ProviderToken.Bearer;
import org.pushserver.pns.Authorization;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One application's part in the provider token of its team's key. */
final class ProviderAuthorization implements Authorization {
  private static final Logger LOG = LoggerFactory.getLogger(ProviderAuthorization.class);

  private final String section;
  private final ProviderToken token;
  private Vertx vertx;
  private Time time;
  private Future<Bearer> renewing;

  /**
   * @param section the application's, for the log
   */
  ProviderAuthorization(String section, ProviderToken token) {
    this.section = section;
    this.token = token;
  }

  @Override
  public Future<Void> open(Vertx newVertx, Time newTime, Runnable changed) {
    vertx = newVertx;
    time = newTime;
    return renew(token.current()).mapEmpty();
  }

  @Override
  public String advice() {
    return "check apple_key, key_id, team_id, apple_push_url and this machine's clock, and whether"
        + " the key is still listed at Apple";
  }

  @Override
  public String current() {
    Bearer bearer = token.current();
    if (bearer == null || !bearer.isUsable(time.nanos())) {
      return null;
    }
    if (bearer.isDue(time)) {
      renew(bearer)
          .onFailure(
              cause -> LOG.warn("[{}] no new provider token: {}", section, cause.getMessage()));
    }
    return bearer.authorization();
  }

  @Override
  public Future<String> obtain() {
    Bearer bearer = token.current();
    return bearer != null && bearer.isUsable(time.nanos())
        ? Future.succeededFuture(bearer.authorization())
        : renew(bearer).map(Bearer::authorization);
  }

  @Override
  public Future<Boolean> replace(String refused) {
    Bearer bearer = token.current();
    return bearer.authorization().equals(refused)
        ? aside(() -> token.renewRefused(bearer, time).isPresent())
        : Future.succeededFuture(true);
  }

  @Override
  public Optional<Instant> headerEnd() {
    return Optional.ofNullable(token.current()).map(bearer -> bearer.end(time));
  }

  @Override
  public void close() {
    // The token is everybody's.
  }

  /** One at a time for this application; the token itself sees to all the others. */
  private Future<Bearer> renew(Bearer known) {
    if (renewing == null) {
      renewing = aside(() -> token.renew(known, time)).onComplete(done -> renewing = null);
    }
    return renewing;
  }

  /** A signature takes half a millisecond, in which the event loop could send a dozen pushes. */
  private <T> Future<T> aside(Callable<T> work) {
    return vertx.executeBlocking(work, false);
  }
}
