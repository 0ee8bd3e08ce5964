// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.push;

import java.util.Objects;

/**
 * The one device a push goes to.
 *
 * @param token APNs device token (hex) or FCM registration token (opaque); not empty
 * @param id the device-id without {@code urn:uuid:}, angle brackets and quotes; null when the
 *     request had none
 * @param registration what the device is registered under, as received: the token, or the pair of
 *     tokens of which {@code token} is the one for this event
 * @param withoutVoip whether it is known that none of its tokens is for VoIP pushes, so that a ring
 *     can only be shown
 * @param ref what the sender of the request calls it, for itself; null when it did not say
 */
public record Device(
    String token, String id, String registration, boolean withoutVoip, String ref) {
  private static final int SHOWN = 8;

  public Device {
    if (Objects.requireNonNull(token, "token").isEmpty()) {
      throw new IllegalArgumentException("token is empty");
    }
    Objects.requireNonNull(registration, "registration");
  }

  /**
   * A device that is registered under one token for all events.
   *
   * @param token not empty
   * @param id null when the request had none
   */
  public Device(String token, String id) {
    this(token, id, token);
  }

  /**
   * A device that can be made to ring, if its push service can do that.
   *
   * @param token not empty
   * @param id null when the request had none
   * @param registration what the device is registered under, as received
   */
  public Device(String token, String id, String registration) {
    this(token, id, registration, false);
  }

  /**
   * A device for which its sender has no name of its own.
   *
   * @param token not empty
   * @param id null when the request had none
   * @param registration what the device is registered under, as received
   * @param withoutVoip whether it is known that none of its tokens is for VoIP pushes
   */
  public Device(String token, String id, String registration, boolean withoutVoip) {
    this(token, id, registration, withoutVoip, null);
  }

  /**
   * The token cut to what tells two devices apart in a log, never enough to send to it. In ASCII:
   * one wider character makes all the text around it slower to build and to encode.
   *
   * @return at most the first eight characters, and dots
   */
  public String shortToken() {
    return token.length() <= SHOWN ? "..." : token.substring(0, SHOWN) + "...";
  }

  /**
   * A text in which the token is cut wherever it stands; one that is so short is no secret.
   *
   * @param text for a log
   * @return the same text where the token is not in it
   */
  public String cut(String text) {
    return token.length() <= SHOWN || text.length() < token.length()
        ? text
        : text.replace(token, shortToken());
  }

  @Override
  public String toString() {
    // Some senders know a device by its token alone.
    return id == null ? shortToken() : cut(id);
  }
}
