// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.pushserver.route.RouteOptions.WhenIdle;
import org.pushserver.spi.Reason;
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

    /** The connection should be replaced, but takes requests until it is; called once. */
    void wornOut(Connection connection);

    /**
     * A request has had no answer in time, though the other end is there.
     *
     * @param inARow how many there have been since the last answer
     */
    void unanswered(Connection connection, int inARow);

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

  /** What a connection that has been left is given beyond the time of its last request. */
  private static final long SPARE_MS = 5000;

  private final long number;
  private final RouteOptions options;
  private final HttpClientConnection wire;
  private final Closing closing;
  private final Context context;
  private final Time time;
  private final Owner owner;
  private final boolean http2;
  private final int replaceAfter;
  private final int most;
  private final InFlight inFlight;
  private final KeepAlive keepAlive;
  private final long bornAt;
  private final ConnectionWear wear;
  private final Parting parting = new Parting();
  private long usedAt;
  private int requests;
  private long replies;
  private int unanswered;
  private boolean noticePending;

  /**
   * @param number tells it from all others of its route
   * @param agent made the wire and nothing else; it is closed with the connection
   * @param budget how many requests it is given, as it stands now
   */
  Connection(
      long number,
      RouteOptions options,
      HttpClientAgent agent,
      HttpClientConnection wire,
      Budget budget,
      Time time,
      Owner owner) {
    this.number = number;
    this.options = options;
    this.wire = wire;
    this.context = Vertx.currentContext();
    this.time = time;
    this.owner = owner;
    this.http2 = Connector.isHttp2(wire);
    this.replaceAfter = budget.replaceAfter();
    this.most = budget.most();
    this.inFlight = new InFlight(time, options.limits().requestTimeout(), this::unanswered);
    this.keepAlive = new KeepAlive(wire, time, inFlight, this::cut);
    this.wear = new ConnectionWear(time, keepAlive, () -> owner.wornOut(this));
    this.bornAt = time.nanos();
    this.closing = new Closing(agent, wire, time, this::closed);
    // Vert.x tells it for each request, and logs each when nobody listens.
    wire.exceptionHandler(parting::broken);
    if (http2) {
      if (options.whenIdle() == WhenIdle.PING) {
        keepAlive.start();
      }
      wire.goAwayHandler(frame -> leave(parting.goAway(frame)));
      wire.remoteSettingsHandler(
          settings -> {
            keepAlive.heard();
            // After Vert.x has applied them too, which it does when it has told us.
            notice();
          });
      wear.barred(isBarred());
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
    if (parting.hasBegun()) {
      return 0;
    }
    // A stream outlives its answer by a moment, and a request its stream when it was never sent.
    long open = Math.max(wire.activeStreams(), inFlight.size());
    return (int) Math.max(0, Math.min(limit() - open, most - requests));
  }

  /** How many requests may be in flight at a time. */
  int limit() {
    return (int) Math.min(wire.maxActiveStreams(), MOST_STREAMS);
  }

  /** Whether the peer allows no requests at all. */
  boolean isBarred() {
    return http2 && limit() == 0;
  }

  /** Whether it should be replaced. */
  boolean isWorn() {
    return wear.isWorn();
  }

  /** Has it replaced, too. */
  void wearOut() {
    wear.wearOut();
  }

  /** Whether the other end has fallen silent; see {@link ConnectionWear}. */
  boolean isSilent() {
    return wear.isSilent();
  }

  /** Whether the peer asked us to leave it. */
  boolean wasToldToGo() {
    return parting.wasToldToGo();
  }

  /** How many of its requests the peer has taken, as far as we know. */
  int taken() {
    return parting.taken(requests);
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

  /**
   * To be called only while it is {@link #free}.
   *
   * @throws IllegalArgumentException when there is no such request in HTTP; nothing has happened
   */
  Future<Reply> post(String path, MultiMap headers, Buffer body) {
    RequestOptions request =
        new RequestOptions().setMethod(HttpMethod.POST).setURI(path).setHeaders(headers);
    usedAt = time.nanos();
    Exchange exchange = new Exchange(usedAt);
    inFlight.begin(exchange);
    keepAlive.used();
    wire.request(request)
        .compose(stream -> exchange.send(stream, body))
        .compose(response -> read(exchange, response))
        .onComplete(
            bytes -> {
              replied();
              end(exchange, () -> exchange.succeed(number));
            },
            cause -> end(exchange, () -> exchange.fail(judge(exchange, cause))));
    if (++requests == replaceAfter) {
      wear.wearOut();
    } else if (exchange.streamId() > LAST_GOOD_STREAM) {
      leave("it carried all that it can");
    }
    return exchange.reply();
  }

  private void replied() {
    replies++;
    unanswered = 0;
  }

  /** Tells who waits for the answer, and who waits for its stream if somebody may. */
  private void end(Exchange exchange, Runnable tell) {
    boolean wasFull = free() == 0;
    if (!inFlight.end(exchange)) {
      return;
    }
    if (parting.hasBegun() && owesNothing()) {
      closing.owesNothing();
    }
    tell.run();
    // The stream itself closes a moment later.
    if (wasFull) {
      notice();
    }
  }

  private Future<Buffer> read(Exchange exchange, HttpClientResponse response) {
    keepAlive.heard();
    return exchange.read(response, () -> abandon(exchange));
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
      leave("it takes no requests: " + Reason.of(cause));
    } else if (cause instanceof StreamResetException) {
      keepAlive.heard();
    }
    return exchange.judge(cause, parting.lastStreamId(), options.peer(), parting.why());
  }

  private void unanswered(Exchange exchange) {
    // Before anybody is told, who may have more to send.
    giveUp(exchange);
    if (exchange.isDecided()) {
      exchange.succeed(number);
    } else {
      String within = " within " + TimeUnit.NANOSECONDS.toMillis(inFlight.limit()) + " ms";
      exchange.fail(new UnansweredException("no answer from " + options.peer() + within, null));
    }
  }

  private void giveUp(Exchange exchange) {
    inFlight.giveUp(exchange);
    if (!http2) {
      cut("an answer took too long");
      return;
    }
    exchange.reset();
    // The stream is closed when its reset has been sent, which is at the end of this turn.
    context.runOnContext(turn -> notice());
    if (exchange.isDecided()) {
      replied();
      return;
    }
    unanswered++;
    // Something heard just after the request began says little about what became of it.
    if (keepAlive.isSilentFor(inFlight.limit() / 2)) {
      wear.doubt();
    } else {
      owner.unanswered(this, unanswered);
    }
  }

  /** Takes it out of service; what is in flight keeps its chance. */
  void leave(String why) {
    if (markLeft(why)) {
      if (owesNothing()) {
        closing.inOrder();
      } else {
        closing.whenDone(options.limits().requestTimeout().toMillis() + SPARE_MS);
      }
    }
  }

  /** Takes it out of service; what is in flight fails, and what of it has not left never will. */
  void cut(String why) {
    markLeft(why);
    closing.now();
  }

  /** Completes when nothing is left of it; does not fail. */
  Future<Void> end() {
    return closing.end();
  }

  /** Whether each request on it has had its answer. */
  boolean owesNothing() {
    return inFlight.owesNothing();
  }

  @CanIgnoreReturnValue
  private boolean markLeft(String why) {
    boolean first = parting.begin(why);
    if (first) {
      wear.stop();
      owner.left(this, why);
    }
    return first;
  }

  private void closed() {
    markLeft(parting.lost());
    keepAlive.stop();
    for (Exchange exchange : inFlight.close()) {
      boolean unused = inFlight.end(exchange);
      if (exchange.isDecided()) {
        exchange.succeed(number);
      } else {
        exchange.fail(judge(exchange, new IOException(parting.lost())));
      }
    }
  }

  private void notice() {
    if (!noticePending && !parting.hasBegun()) {
      noticePending = true;
      context.runOnContext(
          turn -> {
            noticePending = false;
            wear.barred(isBarred());
            owner.windowChanged();
          });
    }
  }
}
