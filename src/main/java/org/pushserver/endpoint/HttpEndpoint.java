// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.endpoint;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * One thing that can be asked for over HTTP. A path that can be asked for with {@code GET} answers
 * {@code HEAD} and {@code OPTIONS}, too, without entries of their own. Immutable.
 *
 * @param path as it is sent, such as {@code /push}; a segment {@code {name}} stands for any, and
 *     {@code context().pathParam("name")} tells it
 * @param guard what has to hold before the handler is called
 * @param handler answers a request that was let in, on the event loop of its connection; what it
 *     throws becomes a refusal or a 500
 * @param <R> what it has to know of a request
 */
public record HttpEndpoint<R extends AdmittedRequest>(
    HttpMethod method, String path, Guard guard, Handler<R> handler) {
  private static final Pattern PATH = Pattern.compile("/|(/([A-Za-z0-9._-]+|\\{[a-z][a-z_]*}))+");

  public HttpEndpoint {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(guard, "guard");
    Objects.requireNonNull(handler, "handler");
    if (!PATH.matcher(path).matches()) {
      throw new IllegalArgumentException("not a path of an endpoint: " + path);
    }
    if (method.equals(HttpMethod.HEAD) || method.equals(HttpMethod.OPTIONS)) {
      throw new IllegalArgumentException(method + " is answered by itself");
    }
  }

  /** A page. */
  public static <R extends AdmittedRequest> HttpEndpoint<R> page(
      String path, Guard guard, Handler<R> handler) {
    return new HttpEndpoint<>(HttpMethod.GET, path, guard, handler);
  }

  /** The same for a door that knows more of each request. */
  public <S extends R> HttpEndpoint<S> at() {
    return new HttpEndpoint<>(method, path, guard, handler::handle);
  }
}
