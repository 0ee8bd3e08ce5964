// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import org.pushserver.push.AppKey;
import org.pushserver.push.Push;

/**
 * A token that its push service does not know any more, whole, for whoever keeps it. Never to be
 * logged. Immutable.
 *
 * @param token what the device is registered under, as it was received
 * @param deviceId null when the request had none
 * @param ref what the sender calls the device; null when it was not said
 * @param callId of the push that found out
 * @param to whom that was for; null when it was not said
 * @param time milliseconds since the epoch
 */
record DeadToken(
    String token, AppKey app, String deviceId, String ref, String callId, String to, long time) {
  /** What it takes beside its texts, in memory or as JSON. */
  private static final int ITSELF = 300;

  /**
   * The token of a push.
   *
   * @param now milliseconds since the epoch
   */
  static DeadToken of(Push push, long now) {
    return new DeadToken(
        push.device().registration(),
        push.app(),
        push.device().id(),
        push.device().ref(),
        push.callId(),
        push.details().to(),
        now);
  }

  /** About what it takes. */
  int bytes() {
    return ITSELF
        + token.length()
        + length(deviceId)
        + length(ref)
        + callId.length()
        + length(to)
        + app.appId().length();
  }

  private static int length(String text) {
    return text == null ? 0 : text.length();
  }

  /** Writes the fields of an object, without those that there are not. */
  void writeFields(JsonGenerator json) throws IOException {
    json.writeStringField("token", token);
    json.writeStringField("app-id", app.appId());
    json.writeStringField("platform", app.platform());
    writeText(json, "device-id", deviceId);
    writeText(json, "ref", ref);
    json.writeStringField("call-id", callId);
    writeText(json, "to", to);
    json.writeStringField("time", Instant.ofEpochMilli(time).toString());
  }

  private static void writeText(JsonGenerator json, String name, String text) throws IOException {
    if (text != null) {
      json.writeStringField(name, text);
    }
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "dead token of " + app;
  }
}
