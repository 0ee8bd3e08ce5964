// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.pushserver.push.Push;

/**
 * Base of the notifications of one application type on Apple's platform. A subclass writes the
 * fields of the JSON and overrides what else differs for its app:
 *
 * <pre>{@code
 * final class DoorbellApple extends ApplePayload {
 *   @Override
 *   protected void writeFields(JsonGenerator json, Push push) throws IOException {
 *     json.writeStringField("call-id", push.callId());
 *     json.writeStringField("door", push.details().from());
 *   }
 * }
 * }</pre>
 *
 * <p>Without more, a ring is a VoIP push, a cancel a background push, a message or transfer an
 * alert. To add a header, override {@link #make} and build on what it returns. Subclasses are
 * stateless: one instance serves any number of threads. APNs takes at most 4096 bytes of JSON, 5120
 * in a VoIP push.
 */
public abstract class ApplePayload implements PayloadMaker {
  private static final Duration LIFETIME = Duration.ofMinutes(2);

  /**
   * Writes what the app expects, as fields of the outermost object. {@code aps} is one of them,
   * except in a background push: there it may contain nothing but {@code content-available}, and
   * has been written already.
   *
   * @param json stands inside the open object; a null text is written as a JSON null
   * @throws IOException only passed on from {@code json}
   * @throws RuntimeException when this push cannot be told: it ends as refused, with the message
   */
  protected abstract void writeFields(JsonGenerator json, Push push) throws IOException;

  /** What the notification is to do: by default what {@link ApplePushType#of} says. */
  protected ApplePushType pushType(Push push) {
    return ApplePushType.of(push.event().kind());
  }

  /** The {@code apns-priority}: by default what {@link ApplePushType#priority} says. */
  protected int priority(Push push) {
    return pushType(push).priority();
  }

  /**
   * How long APNs may keep trying to reach the phone, counted from each time that the notification
   * is sent; by default 120 s. The push's deadline ends it in any case. Less than a second means
   * once, now or never.
   */
  protected Duration lifetime(Push push) {
    return LIFETIME;
  }

  /**
   * The {@code apns-topic}: by default the app-id without a trailing {@code .dev} or {@code .prod},
   * by which an operator tells two configurations of one app apart, and with {@code .voip} for a
   * VoIP push.
   */
  protected String topic(Push push) {
    return pushType(push).topic(bundleId(push.app().appId()));
  }

  @Override
  public Payload make(Push push, long now) {
    ApplePushType type = pushType(push);
    Map<String, String> headers =
        Map.of(
            "apns-topic", topic(push),
            "apns-push-type", type.header(),
            "apns-priority", Integer.toString(priority(push)),
            "apns-expiration", Long.toString(expiration(push, now)));
    return new Payload(
        headers,
        JsonBody.bytes(
            json -> {
              if (type == ApplePushType.BACKGROUND) {
                json.writeObjectFieldStart("aps");
                json.writeNumberField("content-available", 1);
                json.writeEndObject();
              }
              writeFields(json, push);
            }));
  }

  private static String bundleId(String appId) {
    int cut = appId.endsWith(".dev") ? 4 : appId.endsWith(".prod") ? 5 : 0;
    return appId.substring(0, appId.length() - cut);
  }

  /**
   * Seconds since the epoch; 0 tells APNs not to store the notification. The lifetime counts from
   * this attempt, not from birth: a retry after the 10 s of a short lifetime would otherwise carry
   * a date that has passed, and never reach a phone that is just waking up. Rounded down, and 0
   * when that leaves nothing, so that APNs never gets a past date and never delivers after the
   * deadline.
   */
  private long expiration(Push push, long now) {
    long end = Math.min(now + lifetime(push).toMillis(), push.deadline());
    long seconds = end / 1000;
    return seconds * 1000 > now ? seconds : 0;
  }
}
