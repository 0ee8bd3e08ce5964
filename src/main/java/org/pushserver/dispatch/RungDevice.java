// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import org.pushserver.push.AppKey;
import org.pushserver.push.Details;
import org.pushserver.push.Device;
import org.pushserver.push.Push;

/**
 * A device that was rung, and what a cancel has to tell it. Immutable.
 *
 * @param from SIP address of the caller
 * @param fromDisplayName the caller's name; null when the ring had none
 * @param to SIP address of the callee
 * @param mediaType that of the ring
 * @param account that the ring was asked for by; null when its sender named the device
 */
public record RungDevice(
    AppKey app,
    Device device,
    String from,
    String fromDisplayName,
    String to,
    String mediaType,
    String account) {
  /** The device of a ring. */
  public static RungDevice of(Push ring) {
    Details details = ring.details();
    return new RungDevice(
        ring.app(),
        ring.device(),
        details.from(),
        details.fromDisplayName(),
        details.to(),
        details.mediaType(),
        ring.account());
  }

  /** About how many characters it keeps. */
  int length() {
    return length(device.token())
        + length(device.id())
        + length(device.ref())
        + (device.registration().equals(device.token()) ? 0 : length(device.registration()))
        + length(from)
        + length(fromDisplayName)
        + length(to)
        + length(account);
  }

  private static int length(String text) {
    return text == null ? 0 : text.length();
  }
}
