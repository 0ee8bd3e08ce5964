// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.vertx.core.buffer.Buffer;
import org.pushserver.api.ApiResponse;
import org.pushserver.api.RequestRefused;
import org.pushserver.audit.DeadTokens;
import org.pushserver.config.ApiKey;
import org.pushserver.endpoint.AdmittedRequest;
import org.pushserver.endpoint.Guard;
import org.pushserver.endpoint.HttpEndpoint;
import org.pushserver.endpoint.Page;

/**
 * The page of dead tokens, whole ones: at the main door alone, and to each API key only those of
 * its applications. Stateless.
 */
public final class DeadTokenPage {
  private DeadTokenPage() {}

  /** The endpoint that shows them. */
  public static HttpEndpoint<AdmittedRequest> of(DeadTokens tokens) {
    return HttpEndpoint.page("/dead", Guard.READER, request -> answer(tokens, request));
  }

  private static void answer(DeadTokens tokens, AdmittedRequest request) {
    ApiKey key = request.key();
    Buffer dead = tokens.after(after(request), app -> key == null || key.opens(app));
    new Page(200, ApiResponse.TYPE, dead).answer(request.context());
  }

  private static long after(AdmittedRequest request) {
    String after = request.context().request().getParam("after", "0");
    if (!after.matches("[0-9]{1,18}")) {
      throw RequestRefused.badRequest(
          "'after' must be a whole number, the 'next' of the answer before");
    }
    return Long.parseLong(after);
  }
}
