// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pns;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.pushserver.pns.Verdict.Credentials;
import org.pushserver.push.Answer;
import org.pushserver.push.Answer.Fault;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.route.Reply;
import org.pushserver.route.RouteOptions;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.Connections;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Payload;
import org.pushserver.spi.PushService;
import org.pushserver.spi.Time;

/**
 * The skeleton of a push service that is spoken to over HTTP: one application's way to it. What a
 * service adds is the {@link Authorization} of its requests, {@link #request} and {@link #judge},
 * and with what its credentials are tried.
 *
 * <p>Without a header to send the route counts as down, and pushes wait. When the service does not
 * accept the credentials, each push is answered at once.
 */
public abstract class HttpPushService implements PushService {
  private final String section;
  private final Authorization authorization;
  private final Opening opening;
  private Time time;
  private Runnable changed;
  private Routes routes;
  private CredentialBreaker breaker;
  private boolean closed;

  /** How its routes begin. */
  private interface Opening {
    Routes routes(Vertx vertx, Time time, Runnable changed);
  }

  /**
   * One with one host.
   *
   * @param section the application's, for the log
   * @param way to that host
   */
  protected HttpPushService(String section, Authorization authorization, RouteOptions way) {
    this(section, authorization, (vertx, time, changed) -> Routes.toOne(way, vertx, time, changed));
  }

  /**
   * One whose pushes name their hosts. Then a host that is down is said for its own pushes alone,
   * which fail at once, and {@link #window} and {@link #condition} are those of the whole.
   *
   * @param section the application's, for the log
   * @param ways to a host, whose path does not count
   */
  protected HttpPushService(
      String section, Authorization authorization, Function<Endpoint, RouteOptions> ways) {
    this(
        section,
        authorization,
        (vertx, time, changed) -> Routes.toMany(ways, vertx, time, changed));
  }

  private HttpPushService(String section, Authorization authorization, Opening opening) {
    this.section = section;
    this.authorization = authorization;
    this.opening = opening;
  }

  /**
   * Called once, before anything is sent.
   *
   * @param whenChanged to be called when {@link #limited} or {@link #pause} has changed
   */
  protected void start(Time clock, Runnable whenChanged) {
    // Most services have nothing to start.
  }

  /** Where a push goes, for its answer. */
  protected abstract String url(Push push);

  /**
   * What is posted for a push.
   *
   * @param deadline of {@link Time#millis}: the phone must not get it later
   * @throws IllegalArgumentException when nothing can be made of it that HTTP allows
   */
  protected abstract Request request(Push push, Payload payload, long deadline);

  /** What an answer means: the service's table. A header of ours that it repeats is hidden. */
  protected abstract Verdict judge(Request request, Reply reply);

  /**
   * Whether a push that was refused because of its connection fares better on another.
   *
   * @param connection of {@link Reply#connection}
   */
  protected boolean helpsToReconnect(long connection) {
    return false;
  }

  /** How many pushes may be in flight of those that the routes would take. */
  protected int limited(int room) {
    return room;
  }

  /** Why nothing is sent for a while, in an operator's words; empty while there is no pause. */
  protected Optional<String> pause() {
    return Optional.empty();
  }

  protected final Time time() {
    return time;
  }

  /** What the operator can do when the credentials are refused. */
  protected final String advice() {
    return authorization.advice();
  }

  @Override
  public final Future<Void> open(Vertx vertx, Time newTime, Runnable newChanged) {
    time = newTime;
    changed = newChanged;
    breaker =
        new CredentialBreaker(section, authorization.advice(), this::url, vertx, time, changed);
    start(time, changed);
    routes = opening.routes(vertx, time, changed);
    return authorization
        .open(vertx, time, this::authorizationChanged)
        .onSuccess(
            ready -> {
              if (!closed) {
                routes.open();
              }
            });
  }

  private void authorizationChanged() {
    authorization.refusal().ifPresentOrElse(breaker::withhold, breaker::release);
    changed.run();
  }

  @Override
  public final int window() {
    return routes == null
        ? 0
        : breaker.window(authorization.problem().isEmpty() ? limited(routes.window()) : 0);
  }

  @Override
  public final Condition condition() {
    if (routes == null) {
      return connecting("not opened");
    }
    return breaker
        .refused()
        .or(() -> authorization.problem().or(this::pause).map(HttpPushService::connecting))
        .orElseGet(routes::condition);
  }

  private static Condition connecting(String why) {
    return new Condition(State.CONNECTING, why);
  }

  @Override
  public final void hurry(long leftMs) {
    if (routes != null) {
      routes.hurry(leftMs);
    }
  }

  @Override
  public final Optional<Instant> credentialExpiry() {
    return authorization.credentialEnd();
  }

  @Override
  public final Optional<Instant> tokenExpiry() {
    return routes == null ? Optional.empty() : authorization.headerEnd();
  }

  @Override
  public final int credentialFailures() {
    return authorization.failures();
  }

  @Override
  public final Connections connections() {
    return routes == null ? Connections.NONE : routes.connections();
  }

  @Override
  public final Future<Answer> send(Push push, Payload payload) {
    Optional<Answer> never = refusal(push, payload);
    return never.isPresent()
        ? Future.succeededFuture(never.get())
        : breaker.send(push, () -> attempt(push, payload));
  }

  /** Makes an attempt whatever is known of the credentials. */
  protected final Future<Verdict> attempt(Push push, Payload payload) {
    long deadline = time.millis() + push.remaining(time.now());
    String header = authorization.current();
    if (header != null) {
      return new Sending(push, payload, deadline, header, true).send();
    }
    return authorization
        .obtain()
        .compose(
            fresh -> inTime(new Sending(push, payload, deadline, fresh, true)), this::unauthorized);
  }

  /** Getting a header may take what is left of its life. */
  private Future<Verdict> inTime(Sending attempt) {
    return time.millis() < attempt.deadline
        ? attempt.send()
        : Future.failedFuture(new NotSentException("its deadline has passed"));
  }

  private Future<Verdict> unauthorized(Throwable cause) {
    Optional<Response> refusal = authorization.refusal();
    if (refusal.isEmpty()) {
      return Future.failedFuture(cause);
    }
    // The last header may have ended since anybody asked for another.
    breaker.withhold(refusal.get());
    return Future.succeededFuture(
        new Verdict(new Answer.Refused(refusal.get(), Fault.APPLICATION), Credentials.UNTOLD));
  }

  @Override
  public final Future<Void> close() {
    closed = true;
    authorization.close();
    stop();
    return routes == null ? Future.succeededFuture() : routes.close();
  }

  /** Ends what {@link #start} started; also called when it was not. */
  protected void stop() {
    // Most services have nothing to stop.
  }

  /** One push on its way, and what its answer leads to. */
  private final class Sending implements Function<Reply, Future<Verdict>> {
    private final Push push;
    private final Payload payload;
    private final long deadline;
    private final String header;
    private final boolean first;
    private Request request;

    Sending(Push push, Payload payload, long deadline, String header, boolean first) {
      this.push = push;
      this.payload = payload;
      this.deadline = deadline;
      this.header = header;
      this.first = first;
    }

    Future<Verdict> send() {
      Future<Reply> reply;
      try {
        request = request(push, payload, deadline);
        if (!header.isEmpty()) {
          request.headers().set(HttpHeaders.AUTHORIZATION, header);
        }
        reply = routes.post(request, push, deadline);
      } catch (IllegalArgumentException e) {
        return Future.succeededFuture(Verdict.unbuildable(e));
      }
      return WireLog.watch(push, request.headers(), reply).compose(this);
    }

    @Override
    public Future<Verdict> apply(Reply reply) {
      Verdict verdict = judge(request, header.isEmpty() ? reply : reply.without(header));
      long connection = reply.connection();
      return switch (verdict.remedy()) {
        case NONE -> Future.succeededFuture(verdict);
        case RECONNECT, RECONNECT_OR_PAUSE -> reconnected(verdict, connection, false);
        case RECONNECT_AND_REPEAT -> reconnected(verdict, connection, helpsToReconnect(connection));
        // Not before there is the token that the next connection is to begin with.
        case RENEW_AND_REPEAT ->
            authorization
                .replace(header)
                .compose(
                    replaced -> reconnected(verdict, connection, replaced),
                    HttpPushService.this::unauthorized);
        case RENEW_ONLY_AND_REPEAT -> first ? renewed(verdict) : Future.succeededFuture(verdict);
      };
    }

    /**
     * The service did not process it, and the next connection or token may do better: the queue
     * sends it again as soon as that stands. Waiting here would hide it from the queue's deadlines.
     */
    private Future<Verdict> reconnected(Verdict verdict, long connection, boolean again) {
      String reason = verdict.answer().response().reason();
      routes.leave(request, connection, reason);
      return again
          ? Future.failedFuture(new NotSentException(reason + "; again on a new connection"))
          : Future.succeededFuture(verdict);
    }

    private Future<Verdict> renewed(Verdict verdict) {
      return authorization
          .replace(header)
          .compose(
              replaced -> replaced ? authorization.obtain() : Future.succeededFuture((String) null))
          .compose(
              fresh ->
                  fresh == null
                      ? Future.succeededFuture(verdict)
                      : inTime(new Sending(push, payload, deadline, fresh, false)),
              HttpPushService.this::unauthorized);
    }
  }
}
