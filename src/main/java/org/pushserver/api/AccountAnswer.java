// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Optional;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.tokens.StoredToken;

/**
 * What came of one stored device. Immutable.
 *
 * @param device what it means for the whole request
 * @param callId may be empty
 * @param token the one that was pushed to, or would have been
 * @param response the last word of its push service, or ours; null while there is none
 * @param waits whether its sender waits for the end of its push
 */
record AccountAnswer(
    DeviceAnswer device, String callId, String token, Response response, boolean waits) {
  /**
   * The push for it came to its end.
   *
   * @param end empty when it was accepted, and its sender does not wait, or no longer
   */
  static AccountAnswer of(Push push, Optional<Outcome> end, boolean waits) {
    return new AccountAnswer(
        DeviceAnswer.of("", push, end),
        push.callId(),
        push.device().token(),
        end.map(Outcome::response).orElse(null),
        waits);
  }

  /** The request cannot become a push for this device. */
  static AccountAnswer refused(StoredToken device, String callId, RequestRefused refusal) {
    return new AccountAnswer(
        DeviceAnswer.refused("", device.app().platform(), device.app().appId(), refusal),
        callId == null ? "" : callId,
        device.token(),
        null,
        false);
  }

  /** Whether it was accepted by order of somebody who does not wait for more. */
  boolean isLeftToItself() {
    return device.isOnItsWay() && !waits;
  }

  /** Writes it as {@code data} of a push to one device. */
  void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeFieldName("body");
    json.writeRawValue(response == null ? "{}" : response.body());
    json.writeNumberField("code", device.code());
    json.writeStringField("reason", reason());
    json.writeStringField("url", response == null ? "" : response.url());
    json.writeStringField("platform", device.platform());
    json.writeStringField("call_id", callId);
    json.writeStringField("token", token);
    json.writeEndObject();
  }

  private String reason() {
    if (device.isOnItsWay()) {
      return AccountAnswers.STILL_TRYING;
    }
    return response == null ? device.reason() : response.reason();
  }
}
