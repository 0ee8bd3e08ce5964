// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

/** How the ids of devices are spelt where tokens are stored. Pure. */
public final class DeviceIds {
  /** All that the old system took off both ends of an id, whatever order it stood in. */
  private static final String MANGLED = "<urn:id>";

  private DeviceIds() {}

  /**
   * A device-id as the old system stored it: it took each of the characters of {@code <urn:id>}
   * from both ends, and so the first {@code d} of {@code devA}, and more of every eighth UUID.
   *
   * @param deviceId as it is; not empty
   * @return may be empty; equal to the id when nothing was taken
   */
  public static String mangled(String deviceId) {
    int start = 0;
    int end = deviceId.length();
    while (start < end && MANGLED.indexOf(deviceId.charAt(start)) >= 0) {
      start++;
    }
    while (start < end && MANGLED.indexOf(deviceId.charAt(end - 1)) >= 0) {
      end--;
    }
    return deviceId.substring(start, end);
  }

  /** Whether both are ids of one device, one of them mangled or not. */
  public static boolean isSame(String one, String other) {
    return one.equals(other) || mangled(one).equals(other) || one.equals(mangled(other));
  }
}
