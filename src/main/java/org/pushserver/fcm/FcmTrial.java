// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.pushserver.push.Answer;
import org.pushserver.push.Answer.Fault;
import org.pushserver.push.AppKey;
import org.pushserver.push.Push;
import org.pushserver.route.Judged;
import org.pushserver.route.Judged.Credentials;
import org.pushserver.spi.Payload;
import org.pushserver.spi.Trial;
import org.pushserver.spi.Trial.Finding;

/**
 * Tries credentials with a message that is to be checked and not sent, to a token that no phone
 * has: whoever says so has looked at the credentials before.
 */
final class FcmTrial {
  private static final String NOBODY = "check-config-of-pushserver";

  private FcmTrial() {}

  /**
   * @param now milliseconds since the epoch
   */
  static Push push(AppKey app, long now) {
    return Trial.push(app, NOBODY, now);
  }

  static Payload payload() {
    JsonObject message =
        new JsonObject().put("token", NOBODY).put("data", new JsonObject().put("event", "none"));
    JsonObject request = new JsonObject().put("validate_only", true).put("message", message);
    return new Payload(Map.of(), Buffer.buffer(request.encode()));
  }

  /**
   * What an answer to it shows.
   *
   * @param service who answered
   * @param advice what to do when the credentials are refused
   */
  static Trial of(Judged judged, String service, String advice) {
    Answer answer = judged.answer();
    boolean lookedAt =
        answer instanceof Answer.Delivered
            || answer instanceof Answer.DeadToken
            || (answer instanceof Answer.Refused looked && looked.fault() == Fault.PUSH);
    if (lookedAt || judged.credentials() == Credentials.ACCEPTED) {
      return new Trial(Finding.TAKEN, service + " takes the credentials");
    }
    String said =
        service + " answered " + answer.response().code() + ' ' + answer.response().reason();
    boolean refused = answer instanceof Answer.Refused one && one.fault() == Fault.APPLICATION;
    return refused
        ? new Trial(Finding.REFUSED, said + "; " + advice)
        : new Trial(Finding.UNKNOWN, said + "; try again later");
  }
}
