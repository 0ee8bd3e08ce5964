// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.pushserver.pns.Authorization;
import org.pushserver.pns.Endpoint;
import org.pushserver.pns.HttpPushService;
import org.pushserver.pns.Request;
import org.pushserver.pns.Verdict;
import org.pushserver.push.AppKey;
import org.pushserver.push.Push;
import org.pushserver.route.Reply;
import org.pushserver.route.RouteOptions;
import org.pushserver.spi.Payload;
import org.pushserver.spi.Trial;

/** One application's way to Firebase. */
final class FcmService extends HttpPushService {
  private static final String NOBODY = "check-config-of-pushserver";

  private final Endpoint endpoint;
  private final boolean legacy;
  private final FcmAnswers answers;

  /**
   * @param section the application's, for the log
   * @param endpoint where pushes are posted to
   * @param route the way there
   * @param legacy whether it takes the legacy API's requests
   */
  FcmService(
      String section,
      Endpoint endpoint,
      RouteOptions route,
      Authorization authorization,
      boolean legacy) {
    super(section, authorization, route);
    this.endpoint = endpoint;
    this.legacy = legacy;
    this.answers = new FcmAnswers(endpoint.url(), legacy);
  }

  @Override
  protected String url(Push push) {
    return answers.url();
  }

  @Override
  protected Request request(Push push, Payload payload, long deadline) {
    MultiMap headers = HttpHeaders.headers();
    payload.headers().forEach(headers::set);
    headers.set(HttpHeaders.CONTENT_TYPE, "application/json");
    Buffer body = payload.body();
    if (legacy) {
      long left = Math.max(0, deadline - time().millis());
      body = LegacyMessage.of(body, push.device().token(), left, push.isUrgent());
    }
    return new Request(endpoint, endpoint.target(), headers, body);
  }

  @Override
  protected Verdict judge(Request request, Reply reply) {
    return answers.read(reply, time().now());
  }

  /**
   * With a message that is to be checked and not sent, to a token that no phone has: whoever says
   * so has looked at the credentials before.
   */
  @Override
  public Future<Trial> tryCredentials(AppKey app) {
    return attempt(Trial.push(app, NOBODY, time().now()), toBeChecked())
        .map(told -> told.trial(legacy ? "the gateway" : "Google", "", advice()));
  }

  static Payload toBeChecked() {
    JsonObject message =
        new JsonObject().put("token", NOBODY).put("data", new JsonObject().put("event", "none"));
    JsonObject request = new JsonObject().put("validate_only", true).put("message", message);
    return new Payload(Map.of(), Buffer.buffer(request.encode()));
  }
}
