// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.KeyCertOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * APNs as far as it can fail: real TLS and HTTP/2 on loopback, and command over streams, SETTINGS
 * and GOAWAY. It judges no headers, but counts each request. It takes every push unless told
 * otherwise. Any thread.
 *
 * <p>How connections break is the {@link Relay}'s business.
 */
public final class ApnsPeer {
  /** GOAWAY with this last stream id only announces that the connection will be left. */
  public static final int ALL_STREAMS = Integer.MAX_VALUE;

  private static final Buffer PING = Buffer.buffer("settled?");
  private static final long PONG_MS = 500;

  /** One connection, with those of its requests that have not ended. */
  public static final class Link {
    private final HttpConnection connection;
    private final Context context;
    private final List<ApnsCall> calls = new ArrayList<>();
    private volatile boolean deaf;

    private Link(HttpConnection connection) {
      this.connection = connection;
      this.context = Vertx.currentContext();
      connection.closeHandler(closed -> deaf = true);
    }

    private void add(ApnsCall call) {
      calls.removeIf(ended -> ended.fate() != ApnsCall.Fate.OPEN);
      calls.add(call);
    }

    /**
     * How many requests may be open.
     *
     * @return completes when the sender has acknowledged it
     */
    public Future<Void> settings(int streams) {
      return connection.updateSettings(new Http2Settings().setMaxConcurrentStreams(streams));
    }

    /**
     * Sends GOAWAY. Requests on higher streams are forgotten.
     *
     * @param lastStreamId the last that will be answered
     * @return completes when it has been sent
     */
    public Future<Void> goAway(int lastStreamId) {
      Promise<Void> sent = Promise.promise();
      context.runOnContext(
          turn -> {
            for (ApnsCall call : calls) {
              if (call.streamId() > lastStreamId) {
                call.disown();
              }
            }
            connection.goAway(0, lastStreamId);
            sent.complete();
          });
      return sent.future();
    }

    /** Closes it in the way of HTTP/2, with GOAWAY in front. */
    public Future<Void> close() {
      return connection.close();
    }

    /** When both pings are back, the sender has read all answers to what it had sent before. */
    private Future<Void> settle() {
      return ping().compose(again -> ping());
    }

    private Future<Void> ping() {
      if (deaf) {
        return Future.succeededFuture();
      }
      return connection
          .ping(PING)
          .timeout(PONG_MS, TimeUnit.MILLISECONDS)
          .onFailure(silence -> deaf = true)
          .otherwiseEmpty()
          .mapEmpty();
    }
  }

  private record Wait(int count, Promise<Link> come) {}

  private final Vertx vertx;
  private final CallLedger ledger = new CallLedger();
  private final List<Link> links = new ArrayList<>();
  private final List<Wait> waits = new ArrayList<>();
  private volatile Consumer<ApnsCall> behaviour = ApnsCall::take;
  private HttpServer server;

  public ApnsPeer(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * Begins to listen.
   *
   * @param streams how many requests may be open on one connection at first
   */
  public Future<ApnsPeer> start(TestTls tls, int streams) {
    return start(tls.server(), streams, "127.0.0.1", 0);
  }

  /** Begins to listen, somewhere else or under another name. */
  public Future<ApnsPeer> start(KeyCertOptions certificate, int streams, String host, int port) {
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost(host)
                    .setPort(port)
                    .setSsl(true)
                    .setUseAlpn(true)
                    .setKeyCertOptions(certificate)
                    .setInitialSettings(new Http2Settings().setMaxConcurrentStreams(streams)))
            .connectionHandler(this::connected)
            .requestHandler(this::receive);
    return server.listen().map(this);
  }

  public int port() {
    return server.actualPort();
  }

  public Future<Void> stop() {
    return server.close();
  }

  /** Does so with every request from now on. */
  public void does(Consumer<ApnsCall> newBehaviour) {
    behaviour = newBehaviour;
  }

  public CallLedger ledger() {
    return ledger;
  }

  private void connected(HttpConnection connection) {
    List<Wait> met;
    synchronized (this) {
      links.add(new Link(connection));
      met = waits.stream().filter(wait -> wait.count() <= links.size()).toList();
      waits.removeAll(met);
    }
    met.forEach(wait -> wait.come().tryComplete(link(wait.count() - 1)));
  }

  private void receive(HttpServerRequest request) {
    ApnsCall call = new ApnsCall(request);
    Link link = link(request.connection());
    request
        .body()
        .onSuccess(
            body -> {
              link.add(call);
              // Answered before it is counted: who waits for it to come may look at its fate.
              behaviour.accept(call);
              ledger.add(call);
            });
  }

  private synchronized Link link(HttpConnection connection) {
    return links.stream().filter(link -> link.connection == connection).findAny().orElseThrow();
  }

  /** A connection, by the order of their coming, from 0. */
  public synchronized Link link(int number) {
    return links.get(number);
  }

  /** How many connections there have been. */
  public synchronized int connections() {
    return links.size();
  }

  /**
   * Completes when there have been so many connections in all, with the last of them.
   *
   * @param count from 1
   */
  public synchronized Future<Link> untilConnections(int count) {
    Wait wait = new Wait(count, Promise.promise());
    if (links.size() >= count) {
      wait.come().complete(links.get(count - 1));
    } else {
      waits.add(wait);
    }
    return wait.come().future();
  }

  /**
   * Completes when all who are connected have read the answers to what they had sent before this
   * was called; who does not listen is left out.
   */
  public Future<Void> settle() {
    List<Link> all;
    synchronized (this) {
      all = List.copyOf(links);
    }
    return Future.join(all.stream().map(Link::settle).toList()).mapEmpty();
  }
}
