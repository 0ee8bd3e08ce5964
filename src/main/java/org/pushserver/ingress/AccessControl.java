// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.pushserver.api.Caller;
import org.pushserver.api.CallerCheck;
import org.pushserver.api.Policy;
import org.pushserver.api.RequestRefused;
import org.pushserver.api.ShownKey;
import org.pushserver.config.Access;
import org.pushserver.config.AddressList;
import org.pushserver.config.ApiKey;
import org.pushserver.config.ApiKeys;
import org.pushserver.endpoint.Guard;
import org.pushserver.spi.Time;

/**
 * The access control of the main door: who may come in, by address, then by key, then by how often.
 * All before the body is read, so that a stranger costs little. Confined to one event loop.
 */
final class AccessControl {
  private static final CharSequence FORWARDED_FOR = HttpHeaders.createOptimized("X-Forwarded-For");
  private static final CharSequence API_KEY = HttpHeaders.createOptimized("X-Api-Key");
  private static final String KEY_IN_QUERY = "key";

  private final IngressState state;
  private final ClientConnections clients;
  private final CallerCheck check;

  AccessControl(IngressState state, ClientConnections clients, Time time) {
    this.state = state;
    this.clients = clients;
    this.check = new CallerCheck(time);
  }

  /** The IP address of whoever sent a request, for the address list and for logs. */
  String address(HttpServerRequest request) {
    ClientConnections.Client client = clients.of(request.connection());
    String peer =
        client == null ? ClientConnections.address(request.remoteAddress()) : client.address();
    AddressList proxies = state.policy().now().access().trustedProxies();
    return proxies.isNone() || !proxies.contains(peer)
        ? peer
        : ForwardedFor.client(peer, request.headers().getAll(FORWARDED_FOR), proxies);
  }

  /** Whether a client is a trusted proxy, and so its connection is one of many clients. */
  boolean isProxy(ClientConnections.Client client) {
    return state.policy().now().access().trustedProxies().contains(client.address());
  }

  /** Whether the address of whoever sent a request is on the list. */
  boolean admits(HttpServerRequest request, ClientConnections.Client client) {
    Access access = state.policy().now().access();
    if (access.allowedHosts().isAll()) {
      return true;
    }
    return access.trustedProxies().isNone()
        ? client.isOn(access.allowedHosts())
        : access.allowedHosts().contains(address(request));
  }

  /**
   * Lets in the sender of a request, as far as the guard of an endpoint allows.
   *
   * @throws RequestRefused 401 without a key that is known, 403 when the key does not allow it, 429
   *     when it asks too often
   */
  Caller enter(HttpServerRequest request, Guard guard, Policy policy) {
    Caller caller = caller(request, guard, policy.access().keys());
    if (guard.counted()) {
      check.count(caller, policy);
    }
    return caller;
  }

  private Caller caller(HttpServerRequest request, Guard guard, ApiKeys keys) {
    Guard.Key wanted = guard.key();
    if (wanted == Guard.Key.NONE) {
      return new Caller(address(request), null);
    }
    if (keys.isOpen()) {
      CallerCheck.requireOpen(guard.right(), guard.isOpenWithoutKeys());
      return new Caller(address(request), null);
    }
    String shown = shown(request, wanted);
    ApiKey key = check.key(shown, keys);
    if (wanted == Guard.Key.TO_READ_ALL) {
      boolean known = key != null && key.may(guard.right());
      return new Caller(address(request), known ? key : null, !known);
    }
    if (key == null) {
      throw RequestRefused.unauthorized(unknown(shown, wanted));
    }
    if (guard.isForAccount()) {
      CallerCheck.requireRight(key, guard.right());
    } else {
      CallerCheck.require(key, guard.right());
    }
    return new Caller(address(request), key);
  }

  private static String unknown(String shown, Guard.Key wanted) {
    if (wanted == Guard.Key.TO_READ) {
      return "An API key is needed here, too";
    }
    return shown == null
        ? "An API key is needed, as 'Authorization: Bearer KEY' or 'X-Api-Key: KEY'"
        : "The API key is not known";
  }

  private static String shown(HttpServerRequest request, Guard.Key wanted) {
    String shown = inHeaders(request);
    return shown == null && wanted == Guard.Key.TO_SEND_BY_QUERY
        ? request.getParam(KEY_IN_QUERY)
        : shown;
  }

  private static String inHeaders(HttpServerRequest request) {
    return ShownKey.of(request.getHeader(HttpHeaders.AUTHORIZATION), request.getHeader(API_KEY));
  }
}
