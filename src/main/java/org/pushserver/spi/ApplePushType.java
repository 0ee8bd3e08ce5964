// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import org.pushserver.push.Kind;

/** What APNs has to know about the effect of a notification: {@code apns-push-type}. */
public enum ApplePushType {
  /** Something that the user sees or hears. */
  ALERT("alert", 5),

  /**
   * Wakes the app without telling the user. APNs refuses any other priority than 5, and delivers
   * only a few per hour.
   */
  BACKGROUND("background", 5),

  /**
   * An incoming call. The app must show each one as a call, at once, or iOS stops the app and later
   * delivers it no more calls: never use it for anything that does not ring.
   */
  VOIP("voip", 10);

  private final String header;
  private final int priority;

  ApplePushType(String header, int priority) {
    this.header = header;
    this.priority = priority;
  }

  /**
   * What a kind of push is by default.
   *
   * @param kind what the push asks of the phone
   * @return the type that does this
   */
  public static ApplePushType of(Kind kind) {
    return switch (kind) {
      case RING -> VOIP;
      case CANCEL, WAKE -> BACKGROUND;
      case MESSAGE, TRANSFER -> ALERT;
    };
  }

  /** {@return the value of the header} */
  public String header() {
    return header;
  }

  /**
   * {@return the usual {@code apns-priority}: 10 is now, 5 is when it suits the battery. An alert
   * is 5, because that is what existing installations send}
   */
  public int priority() {
    return priority;
  }

  /**
   * The {@code apns-topic} of an app for notifications of this type.
   *
   * @param bundleId the app's bundle ID
   * @return the bundle ID, for a VoIP push with {@code .voip}
   */
  public String topic(String bundleId) {
    return this == VOIP && !bundleId.endsWith(".voip") ? bundleId + ".voip" : bundleId;
  }
}
