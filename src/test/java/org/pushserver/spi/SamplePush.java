// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import java.util.Map;
import java.util.UUID;
import org.pushserver.push.AppKey;
import org.pushserver.push.Details;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Push;

/** Builds pushes for tests, each with only what the test is about. */
public final class SamplePush {
  /** When every sample is born, unless told otherwise: a whole second. */
  public static final long BORN = 1_800_000_000_000L;

  private AppKey app = new AppKey("com.example.phone", AppKey.APPLE);
  private Event event = Event.INCOMING_SESSION;
  private String callId = "call@example.com";
  private String displayName = "Alice";
  private String mediaType = "audio";
  private boolean silent = true;
  private String account;
  private String content;
  private String reason;
  private Map<String, String> extra = Map.of();
  private Device device = new Device("token-1234567890", null);
  private long bornAt = BORN;
  private long life = 64_000;

  public static SamplePush of(Event event) {
    SamplePush sample = new SamplePush();
    sample.event = event;
    return sample;
  }

  public SamplePush appId(String appId) {
    app = new AppKey(appId, app.platform());
    return this;
  }

  /** For an iPhone that has no token for VoIP pushes. */
  public SamplePush withoutVoip() {
    device = new Device("ab12", null, "-ab12", true);
    return this;
  }

  public SamplePush callId(String value) {
    callId = value;
    return this;
  }

  public SamplePush displayName(String value) {
    displayName = value;
    return this;
  }

  public SamplePush mediaType(String value) {
    mediaType = value;
    return this;
  }

  public SamplePush silent(boolean value) {
    silent = value;
    return this;
  }

  public SamplePush account(String value) {
    account = value;
    return this;
  }

  public SamplePush reason(String value) {
    reason = value;
    return this;
  }

  public SamplePush content(String value) {
    content = value;
    return this;
  }

  public SamplePush extra(String name, String value) {
    extra = Map.of(name, value);
    return this;
  }

  public SamplePush bornAt(long value) {
    bornAt = value;
    return this;
  }

  /** The deadline, in milliseconds after birth. */
  public SamplePush life(long ms) {
    life = ms;
    return this;
  }

  public Push push() {
    Details details =
        new Details(
            "sip:alice@example.com",
            displayName,
            "sip:bob@example.com",
            mediaType,
            silent,
            reason,
            1,
            account,
            "a b.pdf",
            null,
            content,
            content == null ? null : "text/plain",
            extra);
    return new Push(new UUID(1, 2), app, device, event, callId, details, bornAt, bornAt + life);
  }
}
