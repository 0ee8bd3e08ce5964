// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import java.util.Map;
import org.pushserver.api.Caller;
import org.pushserver.api.Policy;
import org.pushserver.api.RequestRefused;
import org.pushserver.dialect.ForeignEndpoint;
import org.pushserver.dialect.ForeignRequest;

/** A foreign sender's request, as it came over HTTP. Confined to one event loop. */
record ForeignApiRequest(ApiRequest request, ForeignEndpoint endpoint) implements ForeignRequest {
  ForeignApiRequest {
    if (!request.http().method().name().equals(endpoint.method())) {
      throw new RequestRefused(405, "The method must be " + endpoint.method() + " for this path");
    }
  }

  @Override
  public String asked() {
    return endpoint.path();
  }

  @Override
  public String parameter(String name) {
    return request.context().queryParams().get(name);
  }

  @Override
  public String path(String name) {
    return request.context().pathParam(name);
  }

  @Override
  public byte[] body() {
    return request.body();
  }

  @Override
  public Iterable<Map.Entry<String, String>> headers() {
    return request.headers();
  }

  @Override
  public Caller caller() {
    return request.caller();
  }

  @Override
  public void refusedInPart(RequestRefused refusal) {
    request.refusedInPart(refusal);
  }

  @Override
  public void whenGone(Runnable action) {
    request.whenGone(action);
  }

  @Override
  public Policy policy() {
    return request.policy();
  }
}
