// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.pushserver.apns.ProviderToken.Bearer;
import org.pushserver.apns.Verdict.Remedy;
import org.pushserver.push.Answer;
import org.pushserver.push.AppKey;
import org.pushserver.push.Push;
import org.pushserver.route.CredentialBreaker;
import org.pushserver.route.Judged;
import org.pushserver.route.Judged.Credentials;
import org.pushserver.route.Reply;
import org.pushserver.route.Route;
import org.pushserver.route.WireLog;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.Connections;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Payload;
import org.pushserver.spi.PushService;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.pushserver.spi.Trial;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One application's way to APNs. */
final class ApnsService implements PushService {
  private static final Logger LOG = LoggerFactory.getLogger(ApnsService.class);

  private static final int LIMIT = 4096;
  private static final int VOIP_LIMIT = 5120;

  private static final Future<Boolean> NO = Future.succeededFuture(false);

  private final ApnsConfig config;
  private final ProviderToken token;
  private final RepeatDetector unrelatedKey = new RepeatDetector();
  private final EnvironmentWatch environments = new EnvironmentWatch();
  private Vertx vertx;
  private Time time;
  private Route route;
  private CredentialBreaker breaker;
  private TokenUpdateBackoff backoff;
  private CertificateExpiry expiry;
  private Future<Bearer> renewing;
  private long newestConnection;
  private boolean closed;

  ApnsService(ApnsConfig config) {
    this.config = config;
    this.token = config.token();
  }

  @Override
  public Future<Void> open(Vertx newVertx, Time newTime, Runnable changed) {
    vertx = newVertx;
    time = newTime;
    breaker = new CredentialBreaker(config.section(), advice(), vertx, time, changed);
    backoff = new TokenUpdateBackoff(config.section(), time, changed);
    route = new Route(config.route(), vertx, time, changed);
    watchCertificate();
    Future<?> ready = token == null ? Future.succeededFuture() : renew(token.current());
    return ready
        .onSuccess(
            done -> {
              if (!closed) {
                route.open();
              }
            })
        .mapEmpty();
  }

  private String advice() {
    return token == null
        ? "check apple_certificate, apple_key and apple_push_url"
        : "check apple_key, key_id, team_id, apple_push_url and this machine's clock, and whether"
            + " the key is still listed at Apple";
  }

  private void watchCertificate() {
    Instant end = config.certificateEnd();
    if (end != null) {
      expiry =
          new CertificateExpiry(
              config.section(), end, time, () -> breaker.withhold(ApnsAnswers.expired(end)));
      expiry.open();
    }
  }

  @Override
  public int window() {
    return route == null ? 0 : breaker.window(backoff.window(route.window()));
  }

  @Override
  public Condition condition() {
    if (route == null) {
      return connecting("not opened");
    }
    return breaker
        .refused()
        .or(() -> backoff.reason().map(ApnsService::connecting))
        .orElseGet(route::condition);
  }

  @Override
  public void hurry(long leftMs) {
    if (route != null) {
      route.hurry(leftMs);
    }
  }

  private static Condition connecting(String why) {
    return new Condition(State.CONNECTING, why);
  }

  @Override
  public Optional<Instant> credentialExpiry() {
    return Optional.ofNullable(config.certificateEnd());
  }

  @Override
  public Optional<Instant> tokenExpiry() {
    return time == null || token == null
        ? Optional.empty()
        : Optional.ofNullable(token.current()).map(bearer -> bearer.end(time));
  }

  @Override
  public Connections connections() {
    return route == null ? Connections.NONE : route.connections();
  }

  @Override
  public Future<Answer> send(Push push, Payload payload) {
    String path = path(push.device().token());
    String url = config.url() + path;
    if (payload.body().length() > limit(payload)) {
      return Future.succeededFuture(
          ApnsAnswers.tooLarge(payload.body().length(), limit(payload), url));
    }
    return breaker.send(url, () -> authorized(push, payload, path));
  }

  private static int limit(Payload payload) {
    return "voip".equals(payload.headers().get("apns-push-type")) ? VOIP_LIMIT : LIMIT;
  }

  @Override
  public Optional<Answer> refusal(Push push, Payload payload) {
    int size = payload.body().length();
    return size > limit(payload)
        ? Optional.of(
            ApnsAnswers.tooLarge(size, limit(payload), config.url() + path(push.device().token())))
        : Optional.empty();
  }

  @Override
  public Future<Trial> tryCredentials(AppKey app) {
    return new ApnsTrial(app, advice(), this::send).run(time.now());
  }

  @Override
  public Future<Void> close() {
    closed = true;
    if (route == null) {
      return Future.succeededFuture();
    }
    backoff.close();
    if (expiry != null) {
      expiry.close();
    }
    return route.close();
  }

  private static String path(String deviceToken) {
    // Hexadecimal as it should be, nothing changes; anything else cannot become another path.
    boolean hex = deviceToken.chars().allMatch(HexFormat::isHexDigit);
    return "/3/device/"
        + (hex ? deviceToken : URLEncoder.encode(deviceToken, UTF_8).replace("+", "%20"));
  }

  private Future<Judged> authorized(Push push, Payload payload, String path) {
    if (token == null) {
      return attempt(push, payload, path, null);
    }
    Bearer bearer = token.current();
    if (bearer == null || !bearer.isUsable(time.nanos())) {
      long deadline = time.millis() + push.remaining(time.now());
      return renew(bearer)
          .compose(
              fresh ->
                  time.millis() < deadline
                      ? attempt(push, payload, path, fresh)
                      : Future.failedFuture(new NotSentException("its deadline has passed")));
    }
    if (bearer.isDue(time)) {
      renew(bearer)
          .onFailure(
              cause ->
                  LOG.warn("[{}] no new provider token: {}", config.section(), Reason.of(cause)));
    }
    return attempt(push, payload, path, bearer);
  }

  private Future<Judged> attempt(Push push, Payload payload, String path, Bearer bearer) {
    MultiMap headers = HttpHeaders.headers();
    try {
      payload.headers().forEach(headers::set);
    } catch (IllegalArgumentException e) {
      return Future.succeededFuture(Judged.unbuildable(e));
    }
    headers.set("apns-id", push.id().toString());
    if (bearer != null) {
      headers.set("authorization", bearer.authorization());
    }
    return WireLog.watch(push, headers, route.post(path, headers, payload.body()))
        .compose(reply -> judged(reply, path, payload.headers().get("apns-topic"), bearer));
  }

  private Future<Judged> judged(Reply answer, String path, String topic, Bearer bearer) {
    Reply reply = bearer == null ? answer : answer.without(bearer.authorization());
    Verdict told = ApnsAnswers.judge(reply, config.url() + path, topic, time.now());
    watchEnvironment(told);
    Verdict verdict = told.badToken() && environments.isBurst() ? told.doubted() : told;
    long connection = reply.connection();
    newestConnection = Math.max(newestConnection, connection);
    if (verdict.remedy() == Remedy.RECONNECT_OR_PAUSE) {
      backoff.complained(connection, newestConnection);
    } else {
      backoff.relieved();
    }
    if (verdict.remedy() == Remedy.NONE) {
      return Future.succeededFuture(verdict.judged());
    }
    // Not before there is the token that the next connection is to begin with.
    return mayRepeat(verdict.remedy(), connection, bearer)
        .compose(
            worthIt -> {
              String reason = verdict.answer().response().reason();
              route.leave(connection, reason);
              return worthIt ? again(reason) : Future.succeededFuture(verdict.judged());
            });
  }

  /** Whether a push would fare better on a new connection, now. */
  private Future<Boolean> mayRepeat(Remedy remedy, long connection, Bearer bearer) {
    return switch (remedy) {
      case NONE, RECONNECT, RECONNECT_OR_PAUSE -> NO;
      case RECONNECT_AND_REPEAT ->
          Future.succeededFuture(
              !unrelatedKey.cameBack(connection, newestConnection, time.nanos()));
      case RENEW_AND_REPEAT -> bearer == null ? NO : isReplaced(bearer);
    };
  }

  /** One log line for a burst. */
  private void watchEnvironment(Verdict verdict) {
    if (verdict.answer() instanceof Answer.Later
        || verdict.credentials() == Credentials.REFUSED
        || !environments.begins(verdict.badToken())) {
      return;
    }
    LOG.warn(
        "[{}] more than half of the last 50 answers of {} are BadDeviceToken: tokens of Apple's"
            + " sandbox and of production are probably mixed up, and while it is so, callers are told"
            + " 400 and not 410, lest they forget tokens that are good. Apps built by Xcode need"
            + " apple_push_url = {}, those from TestFlight and the App Store {}",
        config.section(),
        config.url(),
        PushAddress.SANDBOX.host(),
        PushAddress.PRODUCTION.host());
  }

  /** Sees to another provider token than the refused one; false when that would not help. */
  private Future<Boolean> isReplaced(Bearer refused) {
    if (!refused.equals(token.current())) {
      return Future.succeededFuture(true);
    }
    return aside(() -> token.renewRefused(refused, time).isPresent());
  }

  /**
   * APNs did not process it, and the next connection or token may do better: the queue sends it
   * again as soon as that stands. Waiting here would hide it from the queue's deadlines.
   */
  private static Future<Judged> again(String why) {
    return Future.failedFuture(new NotSentException(why + "; again on a new connection"));
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
