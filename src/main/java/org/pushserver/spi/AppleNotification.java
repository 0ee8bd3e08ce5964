// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Map;
import org.pushserver.push.Kind;
import org.pushserver.push.Push;

/**
 * The headers of notifications on Apple's platform; {@link ApplePayload} writes the JSON, too, and
 * is what most application types build on.
 *
 * <p>Without more, a ring is a VoIP push, a cancel or wake-up a background push, a message or
 * transfer an alert. A ring for a device that has no token for VoIP pushes is an alert, too: Apple
 * refuses anything else. Subclasses are stateless: one instance serves any number of threads.
 */
public abstract class AppleNotification implements PayloadMaker {
  private static final Duration LIFETIME = Duration.ofMinutes(2);

  /**
   * The JSON. APNs takes at most 4096 bytes of it, 5120 in a VoIP push.
   *
   * @param push what to tell
   * @param now milliseconds since the epoch, before the push's deadline
   * @return in UTF-8
   * @throws RuntimeException when this push cannot be told: it ends as refused, with the message
   */
  protected abstract Buffer body(Push push, long now);

  /**
   * What the notification is to do: by default what {@link ApplePushType#of} says, but an alert
   * where that cannot be.
   *
   * @param push what to tell
   * @return the value of {@code apns-push-type}
   */
  protected ApplePushType pushType(Push push) {
    return isShownRing(push) ? ApplePushType.ALERT : ApplePushType.of(push.event().kind());
  }

  /**
   * The {@code apns-priority}: by default what {@link ApplePushType#priority} says, and at once for
   * a ring that is an alert because it can be nothing else.
   *
   * @param push what to tell
   * @return 10, 5 or 1
   */
  protected int priority(Push push) {
    ApplePushType type = pushType(push);
    return type == ApplePushType.ALERT && isShownRing(push)
        ? ApplePushType.VOIP.priority()
        : type.priority();
  }

  /**
   * Whether a push is a call for a device that can only be shown it: it has no VoIP token.
   *
   * @param push what to tell
   * @return false for what is no call
   */
  protected static boolean isShownRing(Push push) {
    return push.device().withoutVoip() && push.event().kind() == Kind.RING;
  }

  /**
   * How long APNs may keep trying to reach the phone, counted from each time that the notification
   * is sent; by default 120 s. The push's deadline ends it in any case. Less than a second means
   * once, now or never.
   *
   * @param push what to tell
   * @return 0 or more
   */
  protected Duration lifetime(Push push) {
    return LIFETIME;
  }

  /**
   * The {@code apns-topic}: by default the app-id without a trailing {@code .dev} or {@code .prod},
   * by which an operator tells two configurations of one app apart, and with {@code .voip} for a
   * VoIP push.
   *
   * @param push what to tell
   * @return the bundle ID, with what the type of push wants behind it
   */
  protected String topic(Push push) {
    return pushType(push).topic(bundleId(push.app().appId()));
  }

  /**
   * All headers that the notification adds to its request; to add one more, override this and copy
   * what it returns.
   *
   * @param push what to tell
   * @param now milliseconds since the epoch, before the push's deadline
   * @return names in lower case
   */
  protected Map<String, String> headers(Push push, long now) {
    return Map.of(
        "apns-topic", topic(push),
        "apns-push-type", pushType(push).header(),
        "apns-priority", Integer.toString(priority(push)),
        "apns-expiration", Long.toString(expiration(push, now)));
  }

  @Override
  public Payload make(Push push, long now) {
    return new Payload(headers(push, now), body(push, now));
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
