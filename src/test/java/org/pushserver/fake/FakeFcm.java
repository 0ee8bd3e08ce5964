// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Firebase and Google's token server in one, on loopback: {@code /token} gives tokens, everything
 * else takes pushes. It says yes to all unless told otherwise. Any thread.
 */
public final class FakeFcm {
  /** The path of the token server. */
  public static final String TOKEN_PATH = "/token";

  /** What came in. */
  public record Request(String path, HttpVersion version, MultiMap headers, String body) {
    /** The value of the authorization header. */
    public String authorization() {
      return headers.get("authorization");
    }
  }

  /** What goes out. */
  public record Reply(int status, Map<String, String> headers, String body) {
    public Reply(int status, String body) {
      this(status, Map.of(), body);
    }
  }

  private final Vertx vertx;
  private final Queue<Future<Reply>> pushReplies = new ConcurrentLinkedQueue<>();
  private final Queue<Future<Reply>> tokenReplies = new ConcurrentLinkedQueue<>();
  private final List<Request> pushes = new CopyOnWriteArrayList<>();
  private final List<Request> tokenRequests = new CopyOnWriteArrayList<>();
  private final Map<Integer, Promise<Void>> awaitedTokenRequests = new ConcurrentHashMap<>();
  private int port;

  public FakeFcm(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Begins to listen on a free port, over HTTP/2 and TLS. */
  public Future<FakeFcm> start(TestTls tls) {
    return start(tls(tls).setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1)));
  }

  /** Begins to listen as a gateway that has never heard of HTTP/2. */
  public Future<FakeFcm> startHttp1(TestTls tls) {
    return start(tls(tls).setAlpnVersions(List.of(HttpVersion.HTTP_1_1)));
  }

  /** Begins to listen without TLS. */
  public Future<FakeFcm> startPlain() {
    return start(new HttpServerOptions());
  }

  private static HttpServerOptions tls(TestTls tls) {
    return new HttpServerOptions().setSsl(true).setUseAlpn(true).setKeyCertOptions(tls.server());
  }

  private Future<FakeFcm> start(HttpServerOptions options) {
    return vertx
        .createHttpServer(options.setHost("127.0.0.1").setPort(0))
        .requestHandler(this::receive)
        .listen()
        .map(HttpServer::actualPort)
        .map(
            listening -> {
              port = listening;
              return this;
            });
  }

  public int port() {
    return port;
  }

  /** Answers one push so, in the order in which this is called. */
  public void nextPush(Reply reply) {
    nextPush(Future.succeededFuture(reply));
  }

  /** Answers one push when the test wants it. */
  public void nextPush(Future<Reply> reply) {
    pushReplies.add(reply);
  }

  /** Answers one request for a token so, in the order in which this is called. */
  public void nextToken(Reply reply) {
    nextToken(Future.succeededFuture(reply));
  }

  /** Answers one request for a token when the test wants it. */
  public void nextToken(Future<Reply> reply) {
    tokenReplies.add(reply);
  }

  public List<Request> pushes() {
    return pushes;
  }

  public List<Request> tokenRequests() {
    return tokenRequests;
  }

  /** Completes when a token has been asked for so many times. */
  public Future<Void> untilTokenRequests(int count) {
    return awaited(count).future();
  }

  private Promise<Void> awaited(int count) {
    return awaitedTokenRequests.computeIfAbsent(count, first -> Promise.promise());
  }

  private void receive(HttpServerRequest request) {
    request
        .body()
        .map(Buffer::toString)
        .map(body -> new Request(request.path(), request.version(), request.headers(), body))
        .compose(received -> request.path().equals(TOKEN_PATH) ? token(received) : push(received))
        .onSuccess(
            reply -> {
              reply.headers().forEach(request.response()::putHeader);
              request.response().setStatusCode(reply.status()).end(reply.body());
            })
        // A reply that fails is a connection that breaks.
        .onFailure(cause -> request.connection().close());
  }

  private Future<Reply> push(Request request) {
    pushes.add(request);
    Future<Reply> reply = pushReplies.poll();
    return reply != null
        ? reply
        : Future.succeededFuture(
            new Reply(200, "{\"name\":\"projects/test/messages/" + pushes.size() + "\"}"));
  }

  private Future<Reply> token(Request request) {
    int number;
    synchronized (this) {
      tokenRequests.add(request);
      number = tokenRequests.size();
    }
    Future<Reply> reply = tokenReplies.poll();
    awaited(number).complete();
    return reply != null ? reply : Future.succeededFuture(token("token-" + number, 3600));
  }

  /** What a token server says when it gives a token. */
  public static Reply token(String value, long seconds) {
    return new Reply(
        200,
        "{\"access_token\":\""
            + value
            + "\",\"expires_in\":"
            + seconds
            + ",\"token_type\":\"Bearer\"}");
  }

  /** What FCM says of an account without the role for it. */
  public static Reply permissionDenied() {
    return new Reply(
        403, "{\"error\":{\"code\":403,\"status\":\"PERMISSION_DENIED\",\"message\":\"no role\"}}");
  }

  /** What FCM says when it refuses an access token. */
  public static Reply unauthenticated() {
    return new Reply(
        401, "{\"error\":{\"code\":401,\"status\":\"UNAUTHENTICATED\",\"message\":\"bad token\"}}");
  }
}
