// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.push;

import java.util.Objects;

/**
 * Selects one configured application: what a request's {@code app-id} and {@code platform} name
 * together.
 *
 * @param appId the {@code app_id}, such as {@code com.example.phone}; not empty
 * @param platform the canonical platform: {@link #APPLE}, {@link #FIREBASE} or a custom push
 *     service's name; not empty
 */
public record AppKey(String appId, String platform) {
  /** Apple Push Notification service. */
  public static final String APPLE = "apple";

  /** Firebase Cloud Messaging. */
  public static final String FIREBASE = "firebase";

  public AppKey {
    requireText(appId, "appId");
    requireText(platform, "platform");
  }

  private static void requireText(String value, String name) {
    if (Objects.requireNonNull(value, name).isEmpty()) {
      throw new IllegalArgumentException(name + " is empty");
    }
  }

  // By hand, as is hashCode: what Java makes for a record when it is first compared takes some
  // milliseconds of each start.
  @Override
  public boolean equals(Object other) {
    return other instanceof AppKey key && appId.equals(key.appId) && platform.equals(key.platform);
  }

  @Override
  public int hashCode() {
    return 31 * appId.hashCode() + platform.hashCode();
  }

  @Override
  public String toString() {
    return appId + "/" + platform;
  }
}
