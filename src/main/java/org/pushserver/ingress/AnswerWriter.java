// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Function;
import org.pushserver.api.ApiResponse;
import org.pushserver.api.Caller;
import org.pushserver.api.RequestRefused;
import org.pushserver.endpoint.Disconnect;

/** The writer of the answers that an API gives to its callers. Confined to one event loop. */
final class AnswerWriter {
  /** Bytes from which an answer counts that its client does not read; rare, and so not for each. */
  private static final int LONG_ANSWER = 4096;

  private final ClientConnections clients;
  private final ErrorResponses errors;

  AnswerWriter(ClientConnections clients, ErrorResponses errors) {
    this.clients = clients;
    this.errors = errors;
  }

  /**
   * Makes of an API what an endpoint has as its handler.
   *
   * @param api makes an answer of a request; throws a {@link RequestRefused} when it is none, or
   *     fails with one; whatever else it throws or fails with is answered with 500
   */
  Handler<ApiRequest> answering(Function<ApiRequest, Future<ApiResponse>> api) {
    return request -> tellOf(api.apply(request), request, this::tell);
  }

  /**
   * The same of an API whose answer may take its time: until then the connection of its caller is
   * not idle.
   */
  Handler<ApiRequest> answeringLater(Function<ApiRequest, Future<ApiResponse>> api) {
    return request -> {
      HttpConnection connection = request.http().connection();
      clients.working(connection);
      if (request.policy().cancelsOnDisconnect()) {
        request.whenGone(clients::gone);
      }
      try {
        tellOf(api.apply(request), request, this::tellWhoWaited);
      } catch (RuntimeException failure) {
        clients.answered(connection);
        throw failure;
      }
    };
  }

  /** What becomes of a request, and who is told. */
  private interface Told {
    void tell(ApiResponse answer, Throwable failure, HttpServerRequest request, Caller caller);
  }

  /** Thousands may wait: nothing of a request is held that its answer does not need. */
  private static void tellOf(Future<ApiResponse> coming, ApiRequest request, Told told) {
    HttpServerRequest http = request.http();
    Caller caller = request.caller();
    coming.onComplete(
        (answer, failure) -> {
          EventLoop loop = Disconnect.channel(http.connection()).eventLoop();
          if (loop.inEventLoop()) {
            told.tell(answer, failure, http, caller);
          } else {
            // No other thread may write to a connection.
            loop.execute(() -> told.tell(answer, failure, http, caller));
          }
        });
  }

  private void tellWhoWaited(
      ApiResponse answer, Throwable failure, HttpServerRequest request, Caller caller) {
    clients.answered(request.connection());
    tell(answer, failure, request, caller);
  }

  private void tell(
      ApiResponse answer, Throwable failure, HttpServerRequest request, Caller caller) {
    if (failure == null) {
      send(answer, request);
    } else {
      errors.failed(request, caller, failure);
    }
  }

  private void send(ApiResponse answer, HttpServerRequest request) {
    int length = answer.body().length();
    ClientConnections.Client client =
        length < LONG_ANSWER ? null : clients.of(request.connection());
    Future<Void> sent = HttpAnswer.send(answer, request);
    if (client != null) {
      client.owes(length, sent);
    }
  }
}
