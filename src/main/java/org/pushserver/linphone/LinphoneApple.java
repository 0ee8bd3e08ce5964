// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.linphone;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import org.pushserver.push.Kind;
import org.pushserver.push.Push;
import org.pushserver.spi.ApplePayload;

/**
 * The notifications of Linphone on Apple's platform. {@code IC_SIL} and {@code IC_MSG} are keys of
 * texts that the app brings along. An application type that differs in one kind overrides that.
 */
public class LinphoneApple extends ApplePayload {
  private static final Duration LIFETIME = Duration.ofSeconds(10);

  /** 30 days in seconds; what the app makes of it is its own affair. */
  private static final int PN_TTL = 2_592_000;

  private final SendTime sendTime;

  /** With times as this machine's zone has them. */
  public LinphoneApple() {
    this(new SendTime(ZoneId.systemDefault()));
  }

  LinphoneApple(SendTime sendTime) {
    this.sendTime = sendTime;
  }

  @Override
  protected Duration lifetime(Push push) {
    return push.event().kind() == Kind.WAKE ? super.lifetime(push) : LIFETIME;
  }

  @Override
  protected void writeFields(JsonGenerator json, Push push) throws IOException {
    if (push.event().kind() == Kind.WAKE) {
      writeWake(json, push);
    } else if (push.details().silent() && !isShownRing(push)) {
      writeSilent(json, push);
    } else {
      writeAlert(json, push);
    }
  }

  /** Writes the fields of a call that the app is to announce. */
  protected void writeSilent(JsonGenerator json, Push push) throws IOException {
    json.writeObjectFieldStart("aps");
    json.writeStringField("sound", "");
    json.writeStringField("loc-key", "IC_SIL");
    writeCall(json, push);
    json.writeEndObject();
    json.writeStringField("from-uri", push.details().from());
    json.writeNumberField("pn_ttl", PN_TTL);
  }

  /** Writes the fields of a call that the phone announces. */
  protected void writeAlert(JsonGenerator json, Push push) throws IOException {
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

  /** Writes the fields of what only wakes the app. */
  protected void writeWake(JsonGenerator json, Push push) throws IOException {
    writeCall(json, push);
  }

  private void writeCall(JsonGenerator json, Push push) throws IOException {
    json.writeStringField("call-id", push.callId());
    json.writeStringField("send-time", sendTime.of(push));
  }
}
