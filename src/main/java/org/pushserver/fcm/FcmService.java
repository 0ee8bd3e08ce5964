// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.time.Instant;
import java.util.Optional;
import org.pushserver.push.Answer;
import org.pushserver.push.Answer.Fault;
import org.pushserver.push.AppKey;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.route.CredentialBreaker;
import org.pushserver.route.Judged;
import org.pushserver.route.Judged.Credentials;
import org.pushserver.route.Reply;
import org.pushserver.route.Route;
import org.pushserver.route.RouteOptions;
import org.pushserver.route.WireLog;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.Connections;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Payload;
import org.pushserver.spi.PushService;
import org.pushserver.spi.Time;
import org.pushserver.spi.Trial;

/**
 * One application's way to Firebase: connection, authorization, and what the answers mean.
 *
 * <p>Without an OAuth token the route counts as down, and pushes wait. When the token server or FCM
 * itself does not accept the service account, each push is answered at once.
 */
final class FcmService implements PushService {
  private final String section;
  private final RouteOptions routeOptions;
  private final String path;
  private final Authorization authorization;
  private final boolean legacy;
  private final FcmAnswers answers;
  private Time time;
  private Route route;
  private CredentialBreaker breaker;
  private Runnable changed;

  /**
   * @param section the application's, for the log
   * @param endpoint where pushes are posted to
   * @param routeOptions the way there
   * @param legacy whether it takes the legacy API's requests
   */
  FcmService(
      String section,
      Endpoint endpoint,
      RouteOptions routeOptions,
      Authorization authorization,
      boolean legacy) {
    this.section = section;
    this.routeOptions = routeOptions;
    this.path = endpoint.target();
    this.authorization = authorization;
    this.legacy = legacy;
    this.answers = new FcmAnswers(endpoint.url(), legacy);
  }

  @Override
  public Future<Void> open(Vertx vertx, Time newTime, Runnable newChanged) {
    time = newTime;
    changed = newChanged;
    breaker = new CredentialBreaker(section, advice(), vertx, time, changed);
    route = new Route(routeOptions, vertx, time, changed);
    authorization.open(vertx, time, this::authorizationChanged);
    route.open();
    return Future.succeededFuture();
  }

  private String advice() {
    return legacy
        ? "check firebase_authorization_key and firebase_push_url"
        : "check the service account of firebase_authorization_file in Google Cloud (its key, its"
            + " role, whether the Firebase Cloud Messaging API is enabled) and this machine's clock";
  }

  private void authorizationChanged() {
    authorization
        .refusal()
        .ifPresentOrElse(
            refusal -> breaker.withhold(FcmAnswers.unauthorized(refusal)), breaker::release);
    changed.run();
  }

  @Override
  public int window() {
    return route == null
        ? 0
        : breaker.window(authorization.problem().isEmpty() ? route.window() : 0);
  }

  @Override
  public Condition condition() {
    if (route == null) {
      return new Condition(State.CONNECTING, "not opened");
    }
    return breaker
        .refused()
        .or(() -> authorization.problem().map(why -> new Condition(State.CONNECTING, why)))
        .orElseGet(route::condition);
  }

  @Override
  public void hurry(long leftMs) {
    if (route != null) {
      route.hurry(leftMs);
    }
  }

  @Override
  public Optional<Instant> tokenExpiry() {
    return route == null
        ? Optional.empty()
        : authorization.remaining().map(left -> Instant.ofEpochMilli(time.now()).plus(left));
  }

  @Override
  public Connections connections() {
    return route == null ? Connections.NONE : route.connections();
  }

  @Override
  public Future<Answer> send(Push push, Payload payload) {
    long deadline = time.millis() + push.remaining(time.now());
    return breaker.send(answers.url(), () -> authorized(push, payload, deadline));
  }

  @Override
  public Future<Trial> tryCredentials(AppKey app) {
    Push nobody = FcmTrial.push(app, time.now());
    long deadline = time.millis() + nobody.remaining(time.now());
    return authorized(nobody, FcmTrial.payload(), deadline)
        .map(judged -> FcmTrial.of(judged, legacy ? "the gateway" : "Google", advice()));
  }

  private Future<Judged> authorized(Push push, Payload payload, long deadline) {
    return authorization
        .header()
        .compose(header -> post(push, payload, header, deadline))
        .map(reply -> answers.read(reply, time.now()))
        .recover(this::unsent);
  }

  private Future<Reply> post(Push push, Payload payload, String header, long deadline) {
    return attempt(push, payload, header, deadline)
        .compose(
            reply ->
                FcmAnswers.isUnauthenticated(reply) && authorization.isReplaceable(header)
                    ? authorization
                        .replace(header)
                        .compose(
                            replaced ->
                                attempt(push, payload, replaced, deadline)
                                    .map(again -> again.without(replaced)))
                    : Future.succeededFuture(reply.without(header)));
  }

  private Future<Reply> attempt(Push push, Payload payload, String header, long deadline) {
    long remaining = deadline - time.millis();
    if (remaining <= 0) {
      // Getting another token took what was left of its life.
      return Future.failedFuture(new NotSentException("its deadline has passed"));
    }
    MultiMap headers = HttpHeaders.headers();
    payload.headers().forEach(headers::set);
    headers.set(HttpHeaders.AUTHORIZATION, header);
    headers.set(HttpHeaders.CONTENT_TYPE, "application/json");
    Buffer body =
        legacy
            ? LegacyMessage.of(payload.body(), push.device().token(), remaining)
            : payload.body();
    return WireLog.watch(push, headers, route.post(path, headers, body));
  }

  private Future<Judged> unsent(Throwable cause) {
    if (cause instanceof IllegalArgumentException unbuildable) {
      return Future.succeededFuture(Judged.unbuildable(unbuildable));
    }
    return cause instanceof TokenException refusal
        ? refusedWithoutToken(refusal)
        : Future.failedFuture(cause);
  }

  private Future<Judged> refusedWithoutToken(TokenException refusal) {
    // The last token may have ended since anybody asked for another.
    Response response = FcmAnswers.unauthorized(refusal);
    breaker.withhold(response);
    return Future.succeededFuture(
        new Judged(new Answer.Refused(response, Fault.APPLICATION), Credentials.UNTOLD));
  }

  @Override
  public Future<Void> close() {
    authorization.close();
    return route == null ? Future.succeededFuture() : route.close();
  }
}
