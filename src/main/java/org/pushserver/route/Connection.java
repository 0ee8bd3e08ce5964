// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.GoAway;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.pushserver.route.RouteOptions.WhenIdle;
import org.pushserver.spi.Time;

/**
 * One connection that stands: the requests in flight on it, how many more it takes, and what is
 * known about a request that failed. It is born in service, is left once, and then closes when its
 * last request has ended. Event loop only.
 */
final class Connection {
  /** What the owner of a connection wants to know. */
  interface Owner {
    /** The window may have changed. */
    void windowChanged();

    /** The connection should be replaced before it can take no more requests; called once. */
    void worn(Connection connection);

    /**
     * The connection is out of service; called once.
     *
     * @param why in an operator's words
     */
    void left(Connection connection, String why);
  }

  /** Bounds what is at stake on one connection when the peer sets no bound; APNs allows as many. */
  private static final int MOST_STREAMS = 1000;

  /** Stream ids end at 2^31 - 1; the connection is left while there are some for what is begun. */
  private static final int LAST_GOOD_STREAM = Integer.MAX_VALUE - 2 * MOST_STREAMS;

  private final long number;
  private final RouteOptions options;
  private final HttpClientAgent agent;
  private final HttpClientConnection wire;
  private final Context context;
  private final Time time;
  private final Owner owner;
  private final boolean http2;
  private final AnswerTimer answerTimer;
  private final Pulse pulse;
  private final long bornAt;
  private final Set<Exchange> inFlight = new LinkedHashSet<>();
  private final Promise<Void> end = Promise.promise();
  private long usedAt;
  private int requests;
  private long replies;
  private long repliedAt;
  private int lastStreamId = Integer.MAX_VALUE;
  private boolean left;
  private boolean noticePending;

  /**
   * @param number tells it from all others of its route
   * @param agent made the wire and nothing else; it is closed with the connection
   */
  Connection(
      long number,
      RouteOptions options,
      HttpClientAgent agent,
      HttpClientConnection wire,
      Time time,
      Owner owner) {
    this.number = number;
    this.options = options;
    this.agent = agent;
    this.wire = wire;
    this.context = Vertx.currentContext();
    this.time = time;
    this.owner = owner;
    this.http2 = Connector.isHttp2(wire);
    this.answerTimer =
        new AnswerTimer(time, options.limits().requestTimeout(), inFlight, this::unanswered);
    this.pulse = new Pulse(wire, time, inFlight, this::cut);
    this.bornAt = time.nanos();
    this.repliedAt = bornAt;
    wire.closeHandler(closed -> closed());
    if (http2) {
      if (options.whenIdle() == WhenIdle.PING) {
        pulse.start();
      }
      wire.goAwayHandler(this::goAway);
      wire.remoteSettingsHandler(
          settings -> {
            pulse.heard();
            // After Vert.x has applied them too, which it does when it has told us.
            notice();
          });
    }
  }

  long number() {
    return number;
  }

  /** How many requests have not ended yet. */
  int inFlight() {
    return inFlight.size();
  }

  /** How many more requests may be begun now; 0 once the connection has been left. */
  int free() {
    if (left) {
      return 0;
    }
    // A stream outlives its answer by a moment, and a request its stream when it was never sent.
    long open = Math.max(wire.activeStreams(), inFlight.size());
    return (int) Math.max(0, limit() - open);
  }

  /** How many requests may be in flight at a time. */
  int limit() {
    return (int) Math.min(wire.maxActiveStreams(), MOST_STREAMS);
  }

  /** Whether it should be replaced before it can take no more requests. */
  boolean isWorn() {
    return requests >= options.limits().requestsPerConnection();
  }

  boolean wasUsed() {
    return requests > 0;
  }

  /** When its last request began, of {@link Time#nanos}. */
  long usedAt() {
    return usedAt;
  }

  /** How long it has stood, in milliseconds. */
  long ageMs() {
    return TimeUnit.NANOSECONDS.toMillis(time.nanos() - bornAt);
  }

  /** How many answers came over it. */
  long replies() {
    return replies;
  }

  boolean isHttp2() {
    return http2;
  }

  /** To be called only while it is {@link #free}. */
  Future<Reply> post(String path, MultiMap headers, Buffer body) {
    usedAt = time.nanos();
    Exchange exchange = new Exchange(usedAt);
    inFlight.add(exchange);
    answerTimer.arm();
    pulse.used();
    RequestOptions request =
        new RequestOptions().setMethod(HttpMethod.POST).setURI(path).setHeaders(headers);
    wire.request(request)
        .compose(stream -> exchange.send(stream, body))
        .compose(response -> read(exchange, response))
        .onComplete(
            reply -> {
              replies++;
              repliedAt = time.nanos();
              end(exchange, () -> exchange.succeed(reply));
            },
            cause -> end(exchange, () -> exchange.fail(judge(exchange, cause))));
    if (++requests == options.limits().requestsPerConnection()) {
      owner.worn(this);
    } else if (exchange.streamId() > LAST_GOOD_STREAM) {
      leave("its stream ids are used up");
    }
    return exchange.reply();
  }

  /** Tells who waits for the answer, and who waits for its stream if somebody may. */
  private void end(Exchange exchange, Runnable tell) {
    boolean wasFull = free() == 0;
    inFlight.remove(exchange);
    tell.run();
    // The stream itself closes a moment later.
    if (wasFull || free() == 0) {
      notice();
    }
  }

  private Future<Reply> read(Exchange exchange, HttpClientResponse response) {
    pulse.heard();
    return BoundedBody.read(response, () -> abandon(exchange))
        .map(body -> new Reply(response.statusCode(), response.headers(), body, number));
  }

  private void abandon(Exchange exchange) {
    if (http2) {
      exchange.reset();
    } else {
      cut("an answer has more than " + BoundedBody.MOST_BYTES + " bytes");
    }
  }

  private Exception judge(Exchange exchange, Throwable cause) {
    if (exchange.streamId() == Exchange.NO_STREAM) {
      // What it can be: a limit that Vert.x and we see differently, or a wire that just broke.
      leave("it takes no requests: " + cause.getMessage());
    } else if (cause instanceof StreamResetException) {
      pulse.heard();
    }
    return exchange.judge(cause, lastStreamId, options.peer());
  }

  private void unanswered(Exchange exchange) {
    boolean silent = pulse.isSilentSince(exchange.startedAt());
    String limit = " within " + options.limits().requestTimeout().toMillis() + " ms";
    end(
        exchange,
        () ->
            exchange.fail(
                new UnansweredException("no answer from " + options.peer() + limit, null)));
    exchange.reset();
    // The stream is closed when its reset has been sent, which is at the end of this turn.
    context.runOnContext(turn -> notice());
    if (silent) {
      // A connection that lost its other end looks just like this, and would swallow all that
      // follows.
      cut("nothing heard" + limit);
    } else if (exchange.startedAt() - repliedAt >= 0) {
      leave("it answers no requests" + limit);
    }
  }

  private void goAway(GoAway frame) {
    // Copied here and now: its buffer belongs to the connection.
    lastStreamId = frame.getLastStreamId();
    String said = frame.getDebugData() == null ? "" : frame.getDebugData().toString();
    leave("GOAWAY, error code " + frame.getErrorCode() + (said.isEmpty() ? "" : ", " + said));
  }

  /** Takes it out of service; what is in flight keeps its chance. */
  void leave(String why) {
    if (!left) {
      markLeft(why);
      finish(wire.shutdown(options.limits().requestTimeout().toMillis(), TimeUnit.MILLISECONDS));
    }
  }

  /** Takes it out of service; what is in flight fails. */
  void cut(String why) {
    markLeft(why);
    finish(wire.close());
  }

  /** Completes when nothing is left of it; does not fail. */
  Future<Void> end() {
    return end.future();
  }

  private void markLeft(String why) {
    if (!left) {
      left = true;
      owner.left(this, why);
    }
  }

  private void finish(Future<Void> wireEnd) {
    wireEnd.eventually(agent::close).onComplete(done -> end.tryComplete());
  }

  private void closed() {
    markLeft("closed by the peer");
    answerTimer.disarm();
    pulse.stop();
    for (Exchange exchange : List.copyOf(inFlight)) {
      inFlight.remove(exchange);
      exchange.fail(judge(exchange, new IOException("connection closed")));
    }
    finish(Future.succeededFuture());
  }

  private void notice() {
    if (!noticePending && !left) {
      noticePending = true;
      context.runOnContext(
          turn -> {
            noticePending = false;
            owner.windowChanged();
          });
    }
  }
}
