// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import java.util.Arrays;
import java.util.Locale;

/** What the sandbox stands in for. */
public enum Service {
  /** Apple Push Notification service. */
  APNS,
  /** Firebase Cloud Messaging, HTTP v1 and the legacy API. */
  FCM,
  /** Google's OAuth token endpoint. */
  OAUTH;

  /** Its name in JSON: lower case. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The service of that name.
   *
   * @throws IllegalArgumentException names what is allowed
   */
  static Service of(String name) {
    return Arrays.stream(values())
        .filter(service -> service.wireName().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("service must be apns, fcm or oauth: " + name));
  }
}
