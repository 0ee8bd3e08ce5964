// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.linphone;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import org.pushserver.push.Push;
import org.pushserver.spi.ApplePayload;

/** {@code IC_SIL} and {@code IC_MSG} are keys of texts that the app brings along. */
final class LinphoneApple extends ApplePayload {
  private static final Duration LIFETIME = Duration.ofSeconds(10);

  /** 30 days in seconds; what the app makes of it is its own affair. */
  private static final int PN_TTL = 2_592_000;

  private final SendTime sendTime;

  LinphoneApple(SendTime sendTime) {
    this.sendTime = sendTime;
  }

  @Override
  protected Duration lifetime(Push push) {
    return LIFETIME;
  }

  @Override
  protected void writeFields(JsonGenerator json, Push push) throws IOException {
    if (push.details().silent()) {
      writeSilent(json, push);
    } else {
      writeAlert(json, push);
    }
  }

  private void writeSilent(JsonGenerator json, Push push) throws IOException {
    json.writeObjectFieldStart("aps");
    json.writeStringField("sound", "");
    json.writeStringField("loc-key", "IC_SIL");
    writeCall(json, push);
    json.writeEndObject();
    json.writeStringField("from-uri", push.details().from());
    json.writeNumberField("pn_ttl", PN_TTL);
  }

  private void writeAlert(JsonGenerator json, Push push) throws IOException {
    json.writeObjectFieldStart("aps");
    json.writeObjectFieldStart("alert");
    json.writeStringField("loc-key", "IC_MSG");
    json.writeArrayFieldStart("loc-args");
    json.writeString(push.details().from());
    json.writeEndArray();
    json.writeEndObject();
    json.writeStringField("sound", "msg.caf");
    json.writeNumberField("badge", 1);
    json.writeEndObject();
    json.writeNumberField("pn_ttl", PN_TTL);
    writeCall(json, push);
  }

  private void writeCall(JsonGenerator json, Push push) throws IOException {
    json.writeStringField("call-id", push.callId());
    json.writeStringField("send-time", sendTime.of(push));
  }
}
