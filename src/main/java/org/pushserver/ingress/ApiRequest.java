// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import org.pushserver.endpoint.AdmittedRequest;

/** A request that was let in through the main door. Confined to one event loop. */
final class ApiRequest implements AdmittedRequest {
  private final RoutingContext context;
  private final Caller caller;
  private final Policy policy;
  private final byte[] body;

  ApiRequest(RoutingContext context, Caller caller, Policy policy, byte[] body) {
    this.context = context;
    this.caller = caller;
    this.policy = policy;
    this.body = body;
  }

  @Override
  public RoutingContext context() {
    return context;
  }

  @Override
  public boolean isStranger() {
    return caller.stranger();
  }

  HttpServerRequest http() {
    return context.request();
  }

  Caller caller() {
    return caller;
  }

  /** What holds for it until its end, whatever a reload brings meanwhile. */
  Policy policy() {
    return policy;
  }

  /** All of its body; empty when the guard does not read it. */
  byte[] body() {
    return body;
  }
}
