// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.pushserver.api.Caller;
import org.pushserver.api.IncomingPush;
import org.pushserver.api.Policy;
import org.pushserver.api.RequestRefused;
import org.pushserver.config.ApiKey;
import org.pushserver.endpoint.AdmittedRequest;

/** A request that was let in through the main door. Confined to one event loop. */
final class ApiRequest implements AdmittedRequest, IncomingPush {
  private final RoutingContext context;
  private final HttpServerRequest http;
  private final Caller caller;
  private final Policy policy;
  private final byte[] body;
  private final ErrorResponses errors;
  private final ClientConnections clients;

  /** What is done when its client goes away before the answer; null when nothing is. */
  private List<Runnable> whenGone;

  /**
   * @param http the request as it arrived
   * @param body empty when the guard does not read it
   * @param errors counts what is refused of it while the rest goes on
   * @param clients among which is its own
   */
  ApiRequest(
      RoutingContext context,
      HttpServerRequest http,
      Caller caller,
      Policy policy,
      byte[] body,
      ErrorResponses errors,
      ClientConnections clients) {
    this.context = context;
    this.http = http;
    this.caller = caller;
    this.policy = policy;
    this.body = body;
    this.errors = errors;
    this.clients = clients;
  }

  @Override
  public RoutingContext context() {
    return context;
  }

  @Override
  public boolean isStranger() {
    return caller.stranger();
  }

  @Override
  public boolean isOperator() {
    return false;
  }

  @Override
  public void goesOn() {
    clients.used(http().connection());
  }

  @Override
  public ApiKey key() {
    return caller.key();
  }

  @Override
  public String address() {
    return caller.address();
  }

  HttpServerRequest http() {
    return http;
  }

  @Override
  public Caller caller() {
    return caller;
  }

  @Override
  public Policy policy() {
    return policy;
  }

  /** All of it; empty when the guard does not read it. */
  @Override
  public byte[] body() {
    return body;
  }

  @Override
  public String query() {
    return http().query();
  }

  @Override
  public boolean wantsForm(boolean asked) {
    return asked || AnswerForm.isAsked(http());
  }

  @Override
  public Iterable<Map.Entry<String, String>> headers() {
    return http().headers();
  }

  @Override
  public void refusedInPart(RequestRefused refusal) {
    errors.count(http(), caller, refusal);
  }

  @Override
  public void whenGone(Runnable action) {
    if (whenGone == null) {
      whenGone = new ArrayList<>(2);
      HttpServerResponse response = http().response();
      response.closeHandler(
          closed -> {
            // Over HTTP/1.1 a connection outlives its answers.
            if (!response.ended()) {
              whenGone.forEach(Runnable::run);
            }
          });
    }
    whenGone.add(action);
  }

  @Override
  public boolean waits() {
    return policy.waitForResult();
  }
}
