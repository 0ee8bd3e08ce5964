// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.search;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.pushserver.api.CallerCheck;
import org.pushserver.api.KeyScope;
import org.pushserver.api.LivePolicy;
import org.pushserver.api.RequestRefused;
import org.pushserver.api.ShownKey;
import org.pushserver.config.ApiKey;
import org.pushserver.config.ApiKeys;
import org.pushserver.config.KeyHash;
import org.pushserver.config.Right;
import org.pushserver.endpoint.AdmittedRequest;
import org.pushserver.trail.TrailScope;

/**
 * Who asks for the trail, and what he may see. At the main door the guard has asked for a key. At
 * the operator's door a key is wanted where there are any: the console is there, too, and whoever
 * may see a part of the trail there must not see all of it by another path.
 */
final class SearchAccess {
  private static final CharSequence API_KEY = HttpHeaders.createOptimized("X-Api-Key");

  private final LivePolicy policy;

  /**
   * One who asks.
   *
   * @param key null for the operator of a server without keys
   * @param scope what he may see
   */
  record Asker(ApiKey key, TrailScope scope) {
    /** Under which name what he does is counted. */
    String name() {
      return key == null ? "" : key.name();
    }
  }

  SearchAccess(LivePolicy policy) {
    this.policy = policy;
  }

  /**
   * Who sent a request.
   *
   * @throws RequestRefused 401 without a key that is known, 403 when it is for something else
   */
  Asker asker(AdmittedRequest request) {
    ApiKeys keys = keys();
    if (!request.isOperator()) {
      return new Asker(request.key(), KeyScope.of(request.key()));
    }
    if (keys.isOpen()) {
      return new Asker(null, KeyScope.of(true, null));
    }
    ApiKey key = shown(request.context().request(), keys);
    if (key == null) {
      throw RequestRefused.unauthorized("An API key is needed here, too");
    }
    CallerCheck.require(key, Right.SEARCH);
    return new Asker(key, KeyScope.of(key));
  }

  private static ApiKey shown(HttpServerRequest request, ApiKeys keys) {
    String shown =
        ShownKey.of(request.getHeader(HttpHeaders.AUTHORIZATION), request.getHeader(API_KEY));
    return shown == null ? null : keys.find(new KeyHash().of(shown));
  }

  /** Whether somebody who asked some time ago would see the same now. */
  boolean isStill(Asker asker) {
    ApiKeys keys = keys();
    return asker.key() == null ? keys.isOpen() : keys.has(asker.key());
  }

  /** How long a connection may do nothing, in milliseconds. */
  long idleMs() {
    return policy.now().limits().idleTimeout().toMillis();
  }

  private ApiKeys keys() {
    return policy.now().access().keys();
  }
}
