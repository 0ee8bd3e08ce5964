// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.pushserver.apns.ProviderToken.Bearer;
import org.pushserver.push.Answer;
import org.pushserver.push.Push;
import org.pushserver.route.Reply;
import org.pushserver.route.Route;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Payload;
import org.pushserver.spi.PushService;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One application's way to APNs. */
final class ApnsService implements PushService {
  private static final Logger LOG = LoggerFactory.getLogger(ApnsService.class);

  private static final int LIMIT = 4096;
  private static final int VOIP_LIMIT = 5120;

  /** So long a new connection that did not help is not tried again for the same reason. */
  private static final long REPEAT_PAUSE_NANOS = Duration.ofMinutes(20).toNanos();

  private final ApnsConfig config;
  private final ProviderToken token;
  private Vertx vertx;
  private Time time;
  private Route route;
  private Future<Bearer> renewing;
  private boolean closed;
  private boolean repeatedBefore;
  private long repeatedAt;

  ApnsService(ApnsConfig config) {
    this.config = config;
    this.token = config.token();
  }

  @Override
  public Future<Void> open(Vertx newVertx, Time newTime, Runnable changed) {
    vertx = newVertx;
    time = newTime;
    route = new Route(config.route(), vertx, time, changed);
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

  @Override
  public int window() {
    return route == null ? 0 : route.window();
  }

  @Override
  public Condition condition() {
    return route == null
        ? new Condition(State.CONNECTING, "not opened")
        : route
            .problem()
            .map(why -> new Condition(State.CONNECTING, why))
            .orElse(Condition.CONNECTED);
  }

  @Override
  public Future<Answer> send(Push push, Payload payload) {
    String path = path(push.device().token());
    int size = payload.body().length();
    int limit = "voip".equals(payload.headers().get("apns-push-type")) ? VOIP_LIMIT : LIMIT;
    if (size > limit) {
      return Future.succeededFuture(ApnsAnswers.tooLarge(size, limit, config.url() + path));
    }
    if (token == null) {
      return attempt(push, payload, path, null);
    }
    Bearer bearer = token.current();
    if (bearer == null || !bearer.isUsable(time.nanos())) {
      return renew(bearer).compose(fresh -> attempt(push, payload, path, fresh));
    }
    if (bearer.isDue(time.nanos())) {
      renew(bearer).onFailure(cause -> LOG.warn("no new provider token: {}", cause.getMessage()));
    }
    return attempt(push, payload, path, bearer);
  }

  @Override
  public Future<Void> close() {
    closed = true;
    return route == null ? Future.succeededFuture() : route.close();
  }

  private static String path(String deviceToken) {
    // Hexadecimal as it should be, nothing changes; anything else cannot become another path.
    boolean hex = deviceToken.chars().allMatch(HexFormat::isHexDigit);
    return "/3/device/"
        + (hex ? deviceToken : URLEncoder.encode(deviceToken, UTF_8).replace("+", "%20"));
  }

  private Future<Answer> attempt(Push push, Payload payload, String path, Bearer bearer) {
    MultiMap headers = HttpHeaders.headers();
    payload.headers().forEach(headers::set);
    headers.set("apns-id", push.id().toString());
    if (bearer != null) {
      headers.set("authorization", bearer.authorization());
    }
    return route.post(path, headers, payload.body()).compose(reply -> judged(reply, path, bearer));
  }

  private Future<Answer> judged(Reply reply, String path, Bearer bearer) {
    Verdict verdict = ApnsAnswers.judge(reply, config.url() + path, time.now());
    Answer answer = verdict.answer();
    return switch (verdict.remedy()) {
      case NONE -> Future.succeededFuture(answer);
      case RECONNECT -> {
        route.leave(reply.connection(), answer.response().reason());
        yield Future.succeededFuture(answer);
      }
      case RECONNECT_AND_REPEAT -> {
        boolean helps = mayRepeat(reply.connection());
        route.leave(reply.connection(), answer.response().reason());
        yield helps ? again("another key than its connection's") : Future.succeededFuture(answer);
      }
      case RENEW_AND_REPEAT ->
          bearer == null
              ? Future.succeededFuture(answer)
              : aside(() -> token.renewRefused(bearer, time))
                  .compose(fresh -> renewed(fresh, answer, reply.connection()));
    };
  }

  private Future<Answer> renewed(Optional<Bearer> fresh, Answer answer, long connection) {
    if (fresh.isEmpty()) {
      return Future.succeededFuture(answer);
    }
    route.leave(connection, answer.response().reason());
    return again("provider token refused as expired");
  }

  /**
   * APNs did not process it, and the next connection or token may do better: the queue sends it
   * again as soon as that stands. Waiting here would hide it from the queue's deadlines.
   */
  private static Future<Answer> again(String why) {
    return Future.failedFuture(new NotSentException(why + "; again on a new connection"));
  }

  private boolean mayRepeat(long connection) {
    if (!route.uses(connection)) {
      return true;
    }
    if (repeatedBefore && time.nanos() - repeatedAt < REPEAT_PAUSE_NANOS) {
      return false;
    }
    repeatedBefore = true;
    repeatedAt = time.nanos();
    return true;
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
