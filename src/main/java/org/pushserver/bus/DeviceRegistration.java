// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import io.vertx.core.json.JsonObject;
import java.util.Objects;

/**
 * What an app registers of its device: the fields of {@code POST /v2/tokens/ACCOUNT}, which
 * http-api.md explains. Immutable; any thread.
 *
 * @param appId selects the application, together with the platform
 * @param platform {@code apple}, {@code firebase}, or a custom push service
 * @param deviceId stays when the token changes, such as the phone's {@code +sip.instance}; with or
 *     without {@code urn:uuid:}
 * @param token the device's; of Apple's two both, with a dash between: the one for calls first
 * @param silent whether the app wakes without an alert; only the type linphone makes a difference
 * @param userAgent of the app, for people; null: it does not say
 */
public record DeviceRegistration(
    String appId,
    String platform,
    String deviceId,
    String token,
    boolean silent,
    String userAgent) {
  /**
   * @throws NullPointerException when one is null, but for the user agent; it names it
   */
  public DeviceRegistration {
    Objects.requireNonNull(appId, "appId");
    Objects.requireNonNull(platform, "platform");
    Objects.requireNonNull(deviceId, "deviceId");
    Objects.requireNonNull(token, "token");
  }

  /**
   * One that is silent, and does not say which app it is.
   *
   * @param appId as above
   * @param platform as above
   * @param deviceId as above
   * @param token as above
   */
  public DeviceRegistration(String appId, String platform, String deviceId, String token) {
    this(appId, platform, deviceId, token, true, null);
  }

  JsonObject toJson() {
    return new JsonObject()
        .put(PushMessage.APP_ID, appId)
        .put(PushMessage.PLATFORM, platform)
        .put(PushMessage.DEVICE_ID, deviceId)
        .put(PushMessage.TOKEN, token)
        .put("silent", silent)
        .put("user-agent", userAgent);
  }

  /** Fit for a log: no token. */
  @Override
  public String toString() {
    return "DeviceRegistration[appId=%s, platform=%s, deviceId=%s]"
        .formatted(appId, platform, deviceId);
  }
}
